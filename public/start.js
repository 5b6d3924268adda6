// Shows what /v1/spillway/health says, every five seconds.
const show = (id, text) => {
  document.getElementById(id).textContent = text;
};
async function refresh() {
  try {
    const health = await (await fetch('/v1/spillway/health')).json();
    show('status', health.ready ? 'ready' : 'not ready');
    show('version', health.version);
    show('migration', health.migration ?? 'none');
    show('due', `${health.metrics.dueAccounts} (oldest ${Math.round(health.metrics.oldestDueSeconds)} s)`);
    show('letters', String(health.deadLetters));
  } catch {
    show('status', 'no answer');
  }
}
show(
  'token',
  `curl ${location.origin}/oauth/token -d grant_type=client_credentials -d client_id=… -d client_secret=…`,
);
refresh();
setInterval(refresh, 5000);
