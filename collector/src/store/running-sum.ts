/**
 * A sum that is added to and taken from many thousand times, as if it were made anew each time: what a double cannot
 * hold of it is kept in a second one.
 */
export class RunningSum {
  #high = 0;
  #low = 0;

  get value(): number {
    return this.#high + this.#low;
  }

  add(number: number): void {
    const sum = this.#high + number;
    const part = sum - this.#high;
    this.#low += this.#high - (sum - part) + (number - part);
    this.#high = sum;
  }
}
