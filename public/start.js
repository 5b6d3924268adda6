// Shows what /v1/spillway/health says, every five seconds.
const show = (id, text) => {
  document.getElementById(id).textContent = text;
};
function showStatus(state, text) {
  show('status', text);
  document.getElementById('status').dataset.state = state;
}
async function refresh() {
  try {
    const health = await (await fetch('/v1/spillway/health')).json();
    showStatus(health.ready ? 'ready' : 'failing', health.ready ? 'ready' : 'not ready');
    show('version', health.version);
    show('migration', health.migration ?? 'none');
    const { dueAccounts, oldestDueSeconds } = health.metrics;
    show(
      'due',
      dueAccounts === 0 ? 'none' : `${dueAccounts}, the oldest for ${Math.round(oldestDueSeconds)} s`,
    );
    show('letters', health.deadLetters === 0 ? 'none' : String(health.deadLetters));
  } catch {
    showStatus('failing', 'no answer');
  }
}
show(
  'token',
  [
    `curl ${location.origin}/oauth/token \\`,
    '  -d grant_type=client_credentials \\',
    '  -d client_id=… -d client_secret=…',
    '',
    `curl ${location.origin}/v1/orders \\`,
    '  -H "Authorization: Bearer …"',
  ].join('\n'),
);
refresh();
setInterval(refresh, 5000);
