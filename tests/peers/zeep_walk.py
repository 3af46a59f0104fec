"""Walks the server-to-server protocol ([MS-WSUSSS]) with zeep, from nothing but the WSDL that the upstream publishes.

    zeep_walk.py --base URL [--dial HOST:PORT:ADDRESS:PORT] [--ca FILE] [--cabinets DIR]

Every operation of the three services is called once over SOAP 1.1 and once over SOAP 1.2. Prints one JSON object with
counts; ends with a traceback and code 1 at the first thing that is not as the protocol wants it.
"""

import argparse
import datetime
import json
import pathlib
import uuid
import xml.etree.ElementTree as ElementTree

import requests
import urllib3.util.connection
import zeep

SERVER_SYNC = "/ServerSyncWebService/ServerSyncWebService.asmx"
DSS_AUTH = "/DssAuthWebService/DssAuthWebService.asmx"
REPORTING = "/ReportingWebService/ReportingWebService.asmx"
PROTOCOL_VERSION = "1.20"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--base", required=True)
    arguments.add_argument("--dial", action="append", default=[])
    arguments.add_argument("--ca")
    arguments.add_argument("--cabinets", type=pathlib.Path)
    options = arguments.parse_args()
    dial_as_told(options.dial)
    session = requests.Session()
    session.trust_env = False
    session.verify = options.ca or True
    transport = zeep.Transport(session=session, timeout=20, operation_timeout=20)
    seen = {version: Walk(options.base, transport, version).all(options.cabinets) for version in ("1.1", "1.2")}
    print(json.dumps(seen, sort_keys=True))


def dial_as_told(pairs):
    """As curl's --connect-to: names, TLS and the Host field stay as they are, only the dialling changes."""
    places = {}
    for pair in pairs:
        host, port, address, real = pair.rsplit(":", 3)
        places[host, int(port)] = address, int(real)
    dial = urllib3.util.connection.create_connection
    urllib3.util.connection.create_connection = lambda place, *rest, **more: dial(places.get(place, place), *rest, **more)


class Walk:
    def __init__(self, base, transport, version):
        def service(path):
            client = zeep.Client(f"{base}{path}?wsdl", transport=transport)
            (described,) = client.wsdl.services.values()
            suffix = {"1.1": "Soap", "1.2": "Soap12"}[version]
            (port,) = [name for name in described.ports if name.endswith(suffix)]
            return client.bind(described.name, port), client.wsdl.types

        (self.sync, _), (self.auth, _) = service(SERVER_SYNC), service(DSS_AUTH)
        self.reporting, self.reporting_types = service(REPORTING)
        self.version = version

    def all(self, cabinets):
        self.log_in()
        configuration = self.configuration()
        most = configuration.MaxNumberOfUpdatesPerRequest
        asked = self.ids(True) + self.ids(False)
        received, files, packed = self.metadata(asked, most, cabinets)
        assert received == set(asked), f"asked for {len(asked)} revisions, got {len(received)}"
        assert files, "no file has a URL"
        self.further(asked, files)
        self.drivers()
        self.rollups()
        self.refusal()
        return {"revisions": len(asked), "files": len(files), "packed": packed}

    def log_in(self):
        plug_in = self.sync.GetAuthConfig().AuthInfo.AuthPlugInInfo[0]
        assert plug_in.PlugInID == "DssTargeting", plug_in
        assert plug_in.ServiceUrl.lower() in DSS_AUTH.lower(), plug_in
        name = f"zeep-{self.version}.wsuslab.invalid"
        authorization = self.auth.GetAuthorizationCookie(name, str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), None)
        # The two services describe the type in a namespace each.
        handed_over = {"PlugInId": authorization.PlugInId, "CookieData": authorization.CookieData}
        cookies = {"AuthorizationCookie": [handed_over]}
        self.cookie = self.sync.GetCookie(cookies, None, PROTOCOL_VERSION)
        assert self.cookie.EncryptedData, self.cookie
        for service in (self.sync, self.auth, self.reporting):
            ping(service)

    def configuration(self):
        first = self.sync.GetConfigData(self.cookie, None)
        assert first.ProtocolVersion == PROTOCOL_VERSION, first.ProtocolVersion
        assert first.LanguageUpdateList.ServerSyncLanguageData
        again = self.sync.GetConfigData(self.cookie, first.NewConfigAnchor)
        assert again.NewConfigAnchor == first.NewConfigAnchor
        return first

    def ids(self, configuration):
        answer = self.sync.GetRevisionIdList(self.cookie, {"GetConfig": configuration, "Get63LanguageOnly": False})
        assert answer.Anchor
        self.anchor = answer.Anchor
        listed = [(identity.UpdateID, identity.RevisionNumber) for identity in answer.NewRevisions.UpdateIdentity]
        assert listed, f"GetConfig={configuration} lists nothing"
        since = {"GetConfig": configuration, "Get63LanguageOnly": False, "Anchor": answer.Anchor}
        later = self.sync.GetRevisionIdList(self.cookie, since).NewRevisions
        assert not (later and later.UpdateIdentity), "a delta without a change lists something"
        return listed

    def metadata(self, ids, most, cabinets):
        received, files, packed, left = set(), {}, 0, list(ids)
        while left:
            batch, left = left[:most], left[most:]
            wanted = {"UpdateIdentity": [{"UpdateID": id, "RevisionNumber": number} for id, number in batch]}
            answer = self.sync.GetUpdateData(self.cookie, wanted)
            given = answer.updates.ServerSyncUpdateData
            assert given, "an answer without any metadata"
            for update in given:
                identity = update.Id.UpdateID, update.Id.RevisionNumber
                received.add(identity)
                if update.XmlUpdateBlob:
                    root = ElementTree.fromstring(update.XmlUpdateBlob)
                    said = next(root.iter("{http://schemas.microsoft.com/msus/2002/12/Update}UpdateIdentity"))
                    assert said.get("UpdateID").lower() == identity[0].lower(), identity
                else:
                    packed += 1
                    if cabinets:
                        (cabinets / f"{self.version}-{identity[0]}.cab").write_bytes(update.XmlUpdateBlobCompressed)
            for place in answer.fileUrls.ServerSyncUrlData if answer.fileUrls else ():
                files[place.FileDigest] = place.MUUrl or place.UssUrl
            # An answer is cut near 2 MB without a word: what is missing is asked for again.
            left = [identity for identity in batch if identity not in received] + left
        return received, files, packed

    def further(self, ids, files):
        identities = {"UpdateIdentity": [{"UpdateID": id, "RevisionNumber": number} for id, number in ids[:10]]}
        self.sync.GetUpdateDecryptionData(self.cookie, identities)
        # Declared and not used (3.1.4.9): nothing comes back.
        assert not self.sync.GetRelatedRevisionsForUpdates(self.cookie, {"guid": [ids[-1][0]]})
        # Only a replica is told of deployments; one that never said so gets the answer of an autonomous server.
        self.sync.GetDeployments(self.cookie, None, self.anchor)
        self.sync.DownloadFiles(self.cookie, {"base64Binary": list(files)[:3]})

    def drivers(self):
        answer = self.sync.GetDriverIdList(self.cookie, {"ComputerIds": None, "PnpHardwareIds": None})
        sets = list(answer.NewDriverSets.guid) if answer.NewDriverSets else []
        self.sync.GetDriverSetData(self.cookie, {"guid": sets[:10]})

    def rollups(self):
        """A downstream server reports itself, a computer and its status, and hears what is out of step."""
        told = self.reporting.GetRollupConfiguration(self.cookie)
        assert told.RollupDownstreamServersMaxBatchSize > 0, told
        now = datetime.datetime.now(datetime.timezone.utc)
        server, computer = (str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{part}-{self.version}")) for part in ("dss", "pc"))
        own = {
            "ServerId": server,
            "FullDomainName": "zeep.wsuslab.invalid",
            "LastSyncTime": now,
            "ParentServerId": told.ServerId,
            "Version": "10.0.20348.2227",
            "IsReplica": False,
            "LastRollupTime": now,
            "ServerSummary": self.noughts("DownstreamServerRollupServerSummary"),
        }
        self.reporting.RollupDownstreamServers(self.cookie, now, {"DownstreamServerRollupInfo": [own]})
        details = self.noughts("ComputerRollupDetails") | {"FullDomainName": "pc.wsuslab.invalid"}
        known = {
            "Details": details,
            "ComputerId": computer,
            "LastSyncTime": now,
            "LastSyncResult": 1,
            "LastReportedRebootTime": now,
            "LastReportedStatusTime": now,
            "LastInventoryTime": now,
            "ParentServerId": server,
        }
        changed = self.reporting.RollupComputers(self.cookie, now, {"ComputerRollupInfo": [known]})
        assert changed is None or not changed.ChangedComputer, changed
        status = {
            "InstanceId": str(uuid.uuid4()),
            "ComputerId": computer,
            "EffectiveLastDetectionTime": now,
            "RollupNumber": 7,
            "IsFullRollup": True,
            "UpdateStatus": {"ComputerStatusRollupUpdateStatus": []},
        }
        taken = self.reporting.RollupComputerStatus(self.cookie, now, server, {"ComputerStatusRollupInfo": [status]})
        assert taken is True, taken
        for number, out_of_step in ((7, []), (6, [computer])):
            last = {"ComputerLastRollupNumber": [{"ComputerId": computer, "RollupNumber": number}]}
            asked = self.reporting.GetOutOfSyncComputers(self.cookie, server, last)
            assert list(asked or []) == out_of_step, (number, asked)

    def refusal(self):
        """A cookie of nobody's is refused with the code that makes a downstream server begin anew."""
        stale = {"Expiration": self.cookie.Expiration, "EncryptedData": b"nobody's"}
        try:
            self.sync.GetConfigData(stale, None)
        except zeep.exceptions.Fault as fault:
            assert fault.message == "Fault occurred", fault.message
            # In SOAP 1.2 the detail has no namespace (2.2.9.2), and zeep looks for SOAP's own.
            assert self.version == "1.2" or fault.detail.findtext("ErrorCode") == "InvalidCookie", fault
        else:
            raise AssertionError("a forged cookie is taken")

    def noughts(self, name):
        """A value of the type with nought in all that it holds, as for a server without computers."""
        described = self.reporting_types.get_type(f"{{http://www.microsoft.com/SoftwareDistribution}}{name}")
        beginning = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        nought = dict.fromkeys(("int", "short", "unsignedByte", "long"), 0) | {"string": "", "dateTime": beginning}
        named = described.elements + described.attributes
        members = ((name, nought.get(member.type.name)) for name, member in named)
        return {name: value for name, value in members if value is not None}


def ping(service):
    """The service answers only its own machine, and says so; an examiner next to it gets the answer."""
    try:
        assert service.Ping(0).SuccessFlag is not None
    except zeep.exceptions.Fault as fault:
        assert "only available from local machine" in str(fault), fault


if __name__ == "__main__":
    main()
