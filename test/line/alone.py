# Runs a program where there is no network but loopback, and counts who tried to get out. To be started in namespaces of its own:
#   unshare --net --mount python3 alone.py FOLDER PROGRAM ARGUMENT...
# INTERRUPT_AFTER, in seconds: the program gets SIGINT then, as by Ctrl+C. It leaves FOLDER/attempts.json: {"ipv4": n, "ipv6": n}. An attempt is a connect() or send() that found no route: with nothing but lo
# there is a route to loopback alone, and the kernel counts (OutNoRoutes) what asks for any other.
import fcntl
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def flags_of(name, asked):
    answer = fcntl.ioctl(asked, SIOCGIFFLAGS, struct.pack("16sH14x", name.encode(), 0))
    return struct.unpack("16xH14x", answer)[0]


def loopback_up(asked):
    fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags_of("lo", asked) | IFF_UP))


def attempts():
    lines = pathlib.Path("/proc/net/snmp").read_text().splitlines()
    header, values = (line.split() for line in lines if line.startswith("Ip:"))
    file = pathlib.Path("/proc/net/snmp6")
    six = dict(line.split() for line in file.read_text().splitlines()) if file.exists() else {}
    return {"ipv4": int(values[header.index("OutNoRoutes")]), "ipv6": int(six.get("Ip6OutNoRoutes", 0))}


def put_over(path, text, folder):
    """In this mount namespace `path` reads as `text`."""
    file = folder / pathlib.Path(path).name
    file.write_text(text)
    subprocess.run(["mount", "--bind", str(file), path], check=True)


folder = pathlib.Path(sys.argv[1])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
    # In a namespace of its own nothing is up yet.
    if any(flags_of(name, asked) & IFF_UP for _, name in socket.if_nameindex()):
        sys.exit("this is no network namespace of its own")
    loopback_up(asked)
# A resolver on loopback would hide questions for names: the one named here is elsewhere (TEST-NET-1), so that a question is an attempt.
put_over("/etc/resolv.conf", "nameserver 192.0.2.53\n", folder)
put_over("/etc/hosts", f"127.0.0.1 localhost {socket.gethostname()}\n::1 localhost\n", folder)
before = attempts()
limit = os.environ.pop("INTERRUPT_AFTER", None)
program = subprocess.Popen(sys.argv[2:])
try:
    program.wait(None if limit is None else float(limit))
except subprocess.TimeoutExpired:
    program.send_signal(signal.SIGINT)
code = program.wait()
after = attempts()
(folder / "attempts.json").write_text(json.dumps({kind: after[kind] - before[kind] for kind in after}))
sys.exit(code if code >= 0 else 128 - code)
