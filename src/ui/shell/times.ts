// Times and durations as a person reads them. Local time; pure, so that they are tested with a time of their own.

/** "0.8 s", "12 s", "3 min 5 s", "1 h 2 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toString()} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "just now", "5 min ago", "3 h ago", "yesterday 10:31", "2026-11-03 10:31". */
export function ago(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 12 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${day(at, now)} ${hourMinute(at)}`;
}

/** "in 5 min", "in 3 h", "tomorrow 02:00", "2026-12-01 02:00". */
export function upcoming(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (seconds <= 60) return "in a minute";
  if (seconds < 3600) return `in ${Math.round(seconds / 60)} min`;
  return `${day(at, now)} ${hourMinute(at)}`;
}

/** When something began: the time of today, the day before it for others. "10:31:02", "yesterday 10:31", "2026-11-03 10:31". */
export function moment(at: Date, now: Date): string {
  return sameDay(at, now) ? `${hourMinute(at)}:${two(at.getSeconds())}` : `${day(at, now)} ${hourMinute(at)}`;
}

/** In full, with the zone: "2026-11-24 10:31:02 UTC+1". */
export function fullTime(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const zone =
    offset === 0
      ? "UTC"
      : `UTC${offset < 0 ? "-" : "+"}${Math.floor(Math.abs(offset) / 60)}${offset % 60 === 0 ? "" : `:${two(Math.abs(offset) % 60)}`}`;
  return `${date(at)} ${hourMinute(at)}:${two(at.getSeconds())} ${zone}`;
}

function day(at: Date, now: Date): string {
  if (sameDay(at, now)) return "today";
  if (sameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1))) return "tomorrow";
  if (sameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return "yesterday";
  return date(at);
}

function sameDay(a: Date, b: Date): boolean {
  return date(a) === date(b);
}

function date(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function hourMinute(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
