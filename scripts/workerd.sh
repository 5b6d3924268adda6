#!/bin/sh
# workerd that does not outlive the Node process that started it. Miniflare stops its workerd when it is disposed or
# when Node exits by itself; after a kill -9 of Node, workerd would stay and hold the port.
self=$$
parent=$PPID
alive() {
  if [ -r "/proc/$self/status" ]; then
    grep -q "^PPid:[[:space:]]*$parent\$" "/proc/$self/status"
  else
    kill -0 "$parent" 2>/dev/null && kill -0 "$self" 2>/dev/null
  fi
}
(
  while alive; do sleep 1; done
  kill -9 "$self"
) </dev/null >/dev/null 2>&1 3>&- &
exec "$SPILLWAY_WORKERD_PATH" "$@"
