// A small seeded generator of random numbers: the same seed gives the same numbers on every machine and Node version.

/** Draws integers from 0 up to, not including, `below` (at most 2^32). */
export type Draw = (below: number) => number;

/**
 * A counter stepped by an odd constant and scrambled by multiply and xor-shift, 32 bits of state. Even enough for drawing rows,
 * and of no use for secrets.
 */
export function seededDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let bits = state ^ (state >>> 16);
    bits = Math.imul(bits, 0x21f0aaad);
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 0x735a2d97);
    bits ^= bits >>> 15;
    return Math.floor(((bits >>> 0) / 2 ** 32) * below);
  };
}
