/** Which rows of a list to read: one more than the page shows tells whether there is a next page. */
export interface RowRange {
  readonly offset: number;
  readonly rowsMax: number;
}
