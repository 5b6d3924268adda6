import type { PDFFont } from 'pdf-lib';

/** A letter in a font of the PDF: its code as hex digits, and its width at size 1. */
interface Letter {
  readonly hex: string;
  readonly width: number;
}

/** What stands for letters that the font does not have. */
const UNKNOWN = '?';
const BLANK = /\s/u;
/** Letters that direct how text runs, and that no printer shows. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;
const ELLIPSIS = '…';

/**
 * Measures and encodes text in one of the fonts that every PDF reader has. They hold the letters of Windows-1252 and no others; each
 * letter is looked up once.
 */
export class PdfText {
  readonly #font: PDFFont;
  readonly #known: ReadonlySet<number>;
  readonly #letters = new Map<string, Letter>();

  constructor(font: PDFFont) {
    this.#font = font;
    this.#known = new Set(font.getCharacterSet());
  }

  /** Every letter of it is in the font, or is a blank or invisible. */
  canShow(text: string): boolean {
    return [...text].every((letter) => letter === UNKNOWN || this.#shown(letter) !== UNKNOWN);
  }

  width(text: string, size: number): number {
    let width = 0;
    for (const letter of text) width += this.#letter(letter).width;
    return width * size;
  }

  /** The text as a string of a content stream. */
  encode(text: string): string {
    let hex = '';
    for (const letter of text) hex += this.#letter(letter).hex;
    return `<${hex}>`;
  }

  /** Breaks text into lines of this width; what needs more than `linesMax` ends with an ellipsis. */
  wrap(text: string, size: number, width: number, linesMax: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(/\s+/u).flatMap((part) => this.#pieces(part, size, width))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && this.width(longer, size) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
      if (lines.length > linesMax) break;
    }
    if (line !== '') lines.push(line);
    if (lines.length <= linesMax) return lines;
    const last = [...lines[linesMax - 1]!];
    while (last.length > 0 && this.width(last.join('') + ELLIPSIS, size) > width) last.pop();
    return [...lines.slice(0, linesMax - 1), last.join('') + ELLIPSIS];
  }

  /** A word in pieces that fit a line each. */
  #pieces(word: string, size: number, width: number): string[] {
    if (this.width(word, size) <= width) return [word];
    const pieces: string[] = [];
    let piece = '';
    for (const letter of word) {
      if (piece !== '' && this.width(piece + letter, size) > width) {
        pieces.push(piece);
        piece = '';
      }
      piece += letter;
    }
    return [...pieces, piece];
  }

  #letter(letter: string): Letter {
    const known = this.#letters.get(letter);
    if (known !== undefined) return known;
    const shown = this.#shown(letter);
    const made: Letter =
      shown === ''
        ? { hex: '', width: 0 }
        : {
            hex: this.#font.encodeText(shown).toString().slice(1, -1),
            width: this.#font.widthOfTextAtSize(shown, 1),
          };
    this.#letters.set(letter, made);
    return made;
  }

  #shown(letter: string): string {
    if (this.#known.has(letter.codePointAt(0)!) && !INVISIBLE.test(letter)) return letter;
    if (BLANK.test(letter)) return ' ';
    return INVISIBLE.test(letter) ? '' : UNKNOWN;
  }
}
