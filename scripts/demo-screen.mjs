// How the demo looks: colours and a redrawn bar in a terminal, one line per ten per cent in a plain log.

const BAR_WIDTH = 32;
const REDRAW_INTERVAL_MS = 60;
const terminal = process.stdout.isTTY === true;
const coloured = terminal && process.env.NO_COLOR === undefined;

const paint = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : String(text));
export const bold = paint('1');
export const dim = paint('2');
export const green = paint('32');
export const red = paint('31');
export const cyan = paint('36');

export function say(text = '') {
  console.log(text);
}

export function heading(text) {
  say();
  say(bold(text));
}

/** A progress bar over `total` requests: call with what is done and refused; `end()` leaves the last state standing. */
export function progressBar(label, total) {
  const startedAt = performance.now();
  let drawnAt = 0;
  let tenth = 0;
  const line = (done, refused) => {
    const seconds = Math.max(0.001, (performance.now() - startedAt) / 1000);
    const rate = `${Math.round(done / seconds).toLocaleString('en-US')}/s`;
    const count = `${String(done).padStart(String(total).length)}/${total}`;
    const refusedText = `${refused} refused`;
    return `${count}  ${rate.padStart(8)}  ${refused === 0 ? green(refusedText) : red(refusedText)}`;
  };
  const bar = (done) => {
    const filled = Math.round((done / total) * BAR_WIDTH);
    return cyan('█'.repeat(filled)) + dim('░'.repeat(BAR_WIDTH - filled));
  };
  return (done, refused) => {
    const now = performance.now();
    if (terminal) {
      if (done < total && now - drawnAt < REDRAW_INTERVAL_MS) return;
      drawnAt = now;
      process.stdout.write(
        `\r\u001b[K  ${label}  ${bar(done)}  ${line(done, refused)}${done === total ? '\n' : ''}`,
      );
    } else if (Math.floor((done / total) * 10) > tenth) {
      tenth = Math.floor((done / total) * 10);
      say(`  ${label}  ${String(tenth * 10).padStart(3)} %  ${line(done, refused)}`);
    }
  };
}

/** Rows of [name, value, value …] under a head, columns aligned. */
export function table(head, rows) {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells) =>
    cells
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('   ');
  say(`  ${bold(line(head))}`);
  say(`  ${dim('─'.repeat(widths.reduce((sum, width) => sum + width + 3, -3)))}`);
  for (const row of rows) say(`  ${line(row)}`);
}
