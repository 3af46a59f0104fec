"""Scans TLS servers with sslyze: one JSON object a line in ({"id", "host", "address"}), one a line out as each is done.

Asked are the versions of TLS with their suites, and the certificates; nothing else, to be quick. No trust store of sslyze's is
downloaded or used for a verdict.
"""

import hashlib
import json
import queue
import sys
import threading

from cryptography.hazmat.primitives.serialization import Encoding
from sslyze import (
    ScanCommand,
    Scanner,
    ServerNetworkConfiguration,
    ServerNetworkLocation,
    ServerScanRequest,
    ServerScanStatusEnum,
)

VERSIONS = {
    "1.0": ScanCommand.TLS_1_0_CIPHER_SUITES,
    "1.1": ScanCommand.TLS_1_1_CIPHER_SUITES,
    "1.2": ScanCommand.TLS_1_2_CIPHER_SUITES,
    "1.3": ScanCommand.TLS_1_3_CIPHER_SUITES,
}

SPEAKING = threading.Lock()


def request(target):
    ip, port = target["address"].rsplit(":", 1)
    location = ServerNetworkLocation(hostname=target["host"], port=int(port), ip_address=ip)
    configuration = ServerNetworkConfiguration(
        tls_server_name_indication=target["host"], network_timeout=2, network_max_retries=1
    )
    commands = {*VERSIONS.values(), ScanCommand.CERTIFICATE_INFO}
    return ServerScanRequest(location, configuration, commands)


def told(result):
    if result.scan_status != ServerScanStatusEnum.COMPLETED:
        return {"versions": {}, "chains": [], "error": str(result.connectivity_error_trace)[-300:]}
    attempts = result.scan_result
    versions = {}
    for version, command in VERSIONS.items():
        suites = getattr(attempts, command.value).result
        if suites and suites.accepted_cipher_suites:
            versions[version] = sorted(accepted.cipher_suite.name for accepted in suites.accepted_cipher_suites)
    presented = attempts.certificate_info.result
    deployments = presented.certificate_deployments if presented else []
    chains = [
        [hashlib.sha1(link.public_bytes(Encoding.DER)).hexdigest().upper() for link in deployment.received_certificate_chain]
        for deployment in deployments
    ]
    trace = attempts.certificate_info.error_trace
    return {"versions": versions, "chains": chains, "error": "".join(trace.format())[-300:] if trace else ""}


def tell(target, said):
    with SPEAKING:
        print(json.dumps({"id": target["id"], **said}), flush=True)


def scan(target):
    scanner = Scanner(per_server_concurrent_connections_limit=5, concurrent_server_scans_limit=1)
    scanner.queue_scans([request(target)])
    for result in scanner.get_results():
        tell(target, told(result))


def work(targets):
    while True:
        try:
            target = targets.get_nowait()
        except queue.Empty:
            return
        try:
            scan(target)
        except Exception as error:
            tell(target, {"versions": {}, "chains": [], "error": repr(error)})


def main():
    targets = queue.Queue()
    for line in sys.stdin:
        if line.strip():
            targets.put(json.loads(line))
    # A scanner of its own for each server, since one that fails in a thread of its own never ends.
    workers = [threading.Thread(target=work, args=(targets,), daemon=True) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
