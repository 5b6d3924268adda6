/** What a statement is built from: text, with values bound to it by number. Nothing that a caller sent is ever part of the text. */
export class Bindings {
  readonly values: Array<string | number | null> = [];

  /** SQL of the value. */
  add(value: string | number | null): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }
}
