#!/usr/bin/env bash
# Full handshakes of TLS 1.3: the simulator's rustls node against nginx with one worker, no tickets and no session cache, with
# the same kind of key and a chain of two certificates on either side; `openssl s_time -new` asks, alternating in one run. The
# server has one core and the client the other. Prints the rate of each, the processor time that a handshake costs each, and
# the ratio of both: where the client is the slower side only the processor time tells them apart.
#
# Needs nginx, openssl, python3, taskset, two cores, Linux and the release build. Listens on loopback only and ends what it
# started.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${SECONDS_EACH:-3}
rounds=${ROUNDS:-3}
for tool in nginx openssl python3 taskset; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 2; }; done
[ -n "${NO_BUILD:-}" ] || cargo build --release --quiet

work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"' EXIT

serve() { # ID NAME: starts a world, sets `ours` and `our_pid`
  taskset -c 0 target/release/wsuslab serve "$1" --format json >"$work/$2.json" 2>"$work/$2.log" &
  our_pid=$!
  pids+=("$our_pid")
  for _ in $(seq 200); do [ -s "$work/$2.json" ] && break; sleep 0.05; done
  ours=$(python3 -c '
import json, sys
for node in json.load(open(sys.argv[1]))["nodes"]:
    for listener in node["listeners"]:
        if node["kind"] == "upstream" and listener["name"] == "https":
            print(listener["address"])' "$work/$2.json")
}

nginx_with() { # NAME GENPKEY-OPTIONS...: starts nginx, sets `theirs` and `their_pid`
  local name=$1 port
  shift
  openssl req -x509 -newkey "$@" -nodes -days 2 -subj "/CN=$name intermediate" \
    -keyout "$work/$name-ca.key" -out "$work/$name-ca.pem" 2>/dev/null
  openssl req -x509 -newkey "$@" -nodes -days 2 -subj /CN=localhost -CA "$work/$name-ca.pem" \
    -CAkey "$work/$name-ca.key" -keyout "$work/$name.key" -out "$work/$name.pem" 2>/dev/null
  cat "$work/$name-ca.pem" >>"$work/$name.pem"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  cat >"$work/$name.conf" <<CONF
worker_processes 1;
pid $work/$name.pid;
error_log $work/error.log;
daemon off;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
  ssl_protocols TLSv1.3;
  ssl_session_cache off;
  ssl_session_tickets off;
  server {
    listen 127.0.0.1:$port ssl;
    ssl_certificate $work/$name.pem; ssl_certificate_key $work/$name.key;
    location / { return 204; }
  }
}
CONF
  taskset -c 0 nginx -c "$work/$name.conf" -p "$work" 2>/dev/null &
  pids+=($!)
  theirs=127.0.0.1:$port
  for _ in $(seq 100); do openssl s_client -connect "$theirs" </dev/null >/dev/null 2>&1 && break; sleep 0.05; done
  # The only child of the master is its worker.
  their_pid=$(tr -d ' ' <"/proc/$!/task/$!/children")
}

measure() { # ADDRESS PID: prints handshakes per second and microseconds of the server's processor time for each
  python3 - "$1" "$2" "$seconds" <<'PY'
import os, re, subprocess, sys, time
address, server, seconds = sys.argv[1:]


def used():
    fields = open(f"/proc/{server}/stat").read().rsplit(") ", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


ask = f"taskset -c 1 openssl s_time -connect {address} -new -tls1_3 -time {seconds}"
began, before = time.monotonic(), used()
log = subprocess.run(ask.split(), capture_output=True, text=True).stdout
took, cost = time.monotonic() - began, used() - before
count = int(re.search(r"(\d+) connections in \d+ real seconds", log).group(1))
print(f"{count / took:.0f} {cost * 1e6 / count:.0f}")
PY
}

compare() { # NAME
  for round in $(seq "$rounds"); do
    read -r a a_cost < <(measure "$ours" "$our_pid")
    read -r b b_cost < <(measure "$theirs" "$their_pid")
    python3 -c "print(f'$1, round $round: wsuslab $a/s at $a_cost µs, nginx $b/s at $b_cost µs; '
                      f'ratio {$a / $b:.2f} by the rate, {$b_cost / $a_cost:.2f} by processor time')"
  done
}

serve healthy/downstream-of-https-upstream p256
nginx_with p256 ec -pkeyopt ec_paramgen_curve:P-256
compare P-256
serve healthy/upstream-with-rsa-key rsa
nginx_with rsa rsa:2048
compare 'RSA 2048'
