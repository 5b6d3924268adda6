/** Instead of a form, for who may not send it. */
export function ReadersOnly() {
  return (
    <div class="empty">
      <h2>Your role can read</h2>
      <p>Changing this needs the role standard or admin. An administrator can give it to you.</p>
    </div>
  );
}
