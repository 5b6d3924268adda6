/** What went wrong and what to do, as the content of a page. */
export function ErrorPage({
  title,
  message,
  next,
}: {
  readonly title: string;
  readonly message: string;
  readonly next?: { readonly path: string; readonly label: string };
}) {
  const way = next ?? { path: '/accounts', label: 'Go to the accounts' };
  return (
    <div class="empty" role="alert">
      <h2>{title}</h2>
      <p>{message}</p>
      <p>
        <a class="button" href={way.path}>
          {way.label}
        </a>
      </p>
    </div>
  );
}
