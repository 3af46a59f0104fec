#!/usr/bin/env python3
"""A small examiner for `wsuslab run --examiner 'python3 tests/examiners/three.py'`: it knows three causes.

It shows what a foreign examiner gets and gives: the subject folder as its last argument, one JSON object with the key
"cause" on its standard output. All that it claims it has seen on the network; what it does not know is "undetermined".
"""

import json
import pathlib
import socket
import ssl
import struct
import sys
import urllib.parse

DEADLINE = 2  # Seconds for each wait.
EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
SERVICE = "/ServerSyncWebService/ServerSyncWebService.asmx"
ACTION = "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig"
QUESTION = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<GetAuthConfig xmlns="http://www.microsoft.com/SoftwareDistribution"/></s:Body></s:Envelope>'
)


def examine(folder):
    """Walks the path that the server uses, bottom up, and names what stops it."""
    step0 = json.loads((folder / "wsus.json").read_text("utf-8-sig"))
    network = Network(json.loads((folder / "network.json").read_text("utf-8")))
    scheme, host, port = target(step0)
    if step0["UseProxy"]:
        connection = network.connect(step0["ProxyName"], step0["ProxyServerPort"])
        status = ask_for_tunnel(connection, host, port)
        if status == 407:
            return "proxy/authentication-required"
        if status != 200:
            return "undetermined"
    else:
        connection = network.connect(host, port)
    if scheme == "https":
        try:
            connection = trust(folder).wrap_socket(connection, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            return "tls/expired" if error.verify_code == EXPIRED else "undetermined"
    status = call(connection, host, port)
    return {200: "healthy", 503: "http/service-unavailable"}.get(status, "undetermined")


def target(step0):
    """From whom the server synchronizes: scheme, host and port."""
    if step0["SyncFromMicrosoftUpdate"]:
        url = urllib.parse.urlsplit(step0["MUUrl"].strip())
        return url.scheme, url.hostname, url.port or {"http": 80, "https": 443}[url.scheme]
    scheme = "https" if step0["UpstreamWsusServerUseSsl"] else "http"
    return scheme, step0["UpstreamWsusServerName"], step0["UpstreamWsusServerPortNumber"]


class Network:
    """The world as network.json describes it. A name is looked up first; then its lab address leads to a real socket."""

    def __init__(self, plan):
        self.dns = endpoint(plan["dns"]["udp"])
        self.tcp = {endpoint(each["lab"]): endpoint(each["address"]) for each in plan["tcp"]}

    def connect(self, host, port):
        return socket.create_connection(self.tcp[(self.resolve(host), port)], DEADLINE)

    def resolve(self, name):
        """The first A record of a name (RFC 1035)."""
        labels = b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b"."))
        question = labels + b"\0" + struct.pack(">HH", 1, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(DEADLINE)
            udp.sendto(struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + question, self.dns)
            answer = udp.recv(4096)
        if struct.unpack(">H", answer[6:8])[0] == 0:
            raise OSError(f"{name} has no address")
        record = answer[after_name(answer, 12 + len(question)) :]
        return socket.inet_ntoa(record[10:14])


def after_name(message, place):
    """Where a name ends: behind a pointer, or behind the label of length zero."""
    while message[place]:
        if message[place] >= 0xC0:
            return place + 2
        place += 1 + message[place]
    return place + 1


def endpoint(text):
    address, _, port = text.rpartition(":")
    return address, int(port)


def trust(folder):
    """What the server's own store holds, and nothing of this machine's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for certificate in (folder / "stores" / "root").glob("*.cer"):
        context.load_verify_locations(certificate)
    return context


def ask_for_tunnel(connection, host, port):
    connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("ascii"))
    return status(connection)


def call(connection, host, port):
    head = (
        f"POST {SERVICE} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: "{ACTION}"\r\nContent-Length: {len(QUESTION)}\r\nConnection: close\r\n\r\n'
    )
    connection.sendall((head + QUESTION).encode("ascii"))
    return status(connection)


def status(connection):
    """The status of the answer whose head comes next. Byte by byte: what follows a tunnel's head is not ours to read."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise OSError("the connection was closed within an answer's head")
        head += byte
    return int(head.split()[1])


def main():
    try:
        cause = examine(pathlib.Path(sys.argv[-1]))
    except OSError:
        cause = "undetermined"
    print(json.dumps({"schema": 1, "cause": cause}))


if __name__ == "__main__":
    main()
