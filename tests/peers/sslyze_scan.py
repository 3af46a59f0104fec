"""Scans TLS servers with sslyze: one JSON object a line in ({"id", "host", "address"}), one JSON object out.

Asked are the versions of TLS with their suites, and the certificates; nothing else, to be quick. No trust store of sslyze's is
downloaded or used for a verdict.
"""

import hashlib
import json
import sys

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
        [hashlib.sha1(link.public_bytes(Encoding.DER)).hexdigest() for link in deployment.received_certificate_chain]
        for deployment in deployments
    ]
    trace = attempts.certificate_info.error_trace
    return {"versions": versions, "chains": chains, "error": "".join(trace.format())[-300:] if trace else ""}


def main():
    targets = [json.loads(line) for line in sys.stdin if line.strip()]
    scanner = Scanner(per_server_concurrent_connections_limit=5, concurrent_server_scans_limit=8)
    requests = [request(target) for target in targets]
    names = {scan.uuid: target["id"] for scan, target in zip(requests, targets)}
    scanner.queue_scans(requests)
    print(json.dumps({names[result.uuid]: told(result) for result in scanner.get_results()}))


if __name__ == "__main__":
    main()
