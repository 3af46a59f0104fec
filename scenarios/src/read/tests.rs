//! What the reader refuses, and with which words.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::read;

const GOOD: &str = "title = 't'
modes = ['F-34']
guide = '5'
[world.upstream]
faults = [{ on = 'https', tls = { certificate = 'expired' } }]
[subject]
from = 'upstream'
[expect]
cause = 'tls/expired'
[lesson]
symptom = 's'
cause = 'c'
tell-apart = 't'
remedy = 'r'
references = ['r']
";

/// Reads the good file with one change, and compares the whole message.
fn refused(old: &str, new: &str, message: &str) {
    assert!(GOOD.contains(old), "{old}");
    let error = read("x/y", "x.toml", &GOOD.replacen(old, new, 1)).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_good_file_is_read() {
    let scenario = read("tls/expired", "x.toml", GOOD).unwrap();
    assert_eq!((scenario.layer(), scenario.expect.cause.as_str()), ("tls", "tls/expired"));
    assert!(scenario.world.nodes.contains_key("dns"));
}

#[test]
fn an_unknown_key_is_refused_where_it_stands() {
    refused(
        "title",
        "titel",
        "x.toml:1:1: unknown field `titel`; expected one of `title`, `modes`, `guide`, `world`, `subject`, `expect`, `lesson`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\n[subject.step0]\nMuUrl = ''",
        "x.toml:9:1: unknown field `MuUrl`; expected one of `SyncFromMicrosoftUpdate`, `IsReplicaServer`, `MUUrl`, \
         `RedirectorChangeNumber`, `UpstreamWsusServerName`, `UpstreamWsusServerPortNumber`, `UpstreamWsusServerUseSsl`, \
         `UseProxy`, `ProxyName`, `ProxyServerPort`, `AnonymousProxyAccess`, `HasProxyPassword`, `UseSeparateProxyForSsl`, \
         `SslProxyName`, `SslProxyServerPort`",
    );
    refused(
        "tls = { certificate = 'expired' }",
        "tcp = { reset-after = { bytez = 9 } }",
        "x.toml:5:51: unknown field `bytez`; expected `bytes`",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    refused("'t'", "3", "x.toml:1:9: invalid type: integer `3`; expected a string");
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nstep0 = { UseProxy = 'yes' }",
        "x.toml:8:22: invalid type: string \"yes\"; expected a boolean",
    );
    refused(
        "'upstream'",
        "'microsoft'",
        "x.toml:7:8: unknown variant `microsoft`; expected `microsoft-update` or `upstream`",
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused() {
    refused("= 't'", "'t'", "x.toml:1:7: key with no value; expected `=`");
}

#[test]
fn a_fault_is_of_one_layer_and_on_a_listener_that_exists() {
    refused(
        "tls = { certificate = 'expired' }",
        "tcp = { refuse = {} }, http = { pool-stopped = {} }",
        "x.toml:5:11: the fault names 2 layers; expected exactly one of dns, tcp, proxy, tls, http, soap and content",
    );
    refused(
        ", tls = { certificate = 'expired' }",
        "",
        "x.toml:5:11: the fault names 0 layers; expected exactly one of dns, tcp, proxy, tls, http, soap and content",
    );
    refused("'https'", "'sws'", "x.toml:5:18: the node has no listener `sws`; expected `http` or `https`");
}

#[test]
fn a_defect_of_an_authority_that_there_is_not_is_refused_where_it_stands() {
    refused(
        "faults = [{ on = 'https', tls = { certificate = 'expired' } }]",
        "certificate = 'itself'\nfaults = [{ on = 'https', tls = { certificate = 'expired-intermediate' } }]",
        "x.toml:6:11: the fault tls/certificate cannot be on this certificate: `expired-intermediate` needs an authority above \
         the leaf; expected faults that can all act",
    );
}

#[test]
fn a_fault_that_could_never_act_is_refused_where_it_stands() {
    refused(
        "tls = { certificate = 'expired' }",
        "dns = { name-not-found = {} }",
        "x.toml:5:11: a fault of the layer dns cannot be at its listener https, which has no such layer; expected faults \
         that can all act",
    );
    refused(
        "faults = [",
        "faults = [{ on = 'https', tcp = { refuse = {} } }, ",
        "x.toml:5:52: the fault tls/certificate could never act: the fault tcp/refuse takes every connection before it; \
         expected faults that can all act",
    );
    refused(
        "on = 'https',",
        "on = 'https', when = { operation = 'GetCookie' },",
        "x.toml:5:11: at the layer tls no operation is known; a \"when\" with one is for tcp, http, soap; expected faults \
         that can all act",
    );
}

#[test]
fn a_world_that_contradicts_itself_is_refused_at_the_node() {
    refused(
        "[subject]",
        "[world.second]\nkind = 'upstream'\n[subject]",
        "x.toml:6:8: node upstream: its lab address 10.87.0.10:8530 is taken by node second; expected a world that does \
         not contradict itself",
    );
    // What every world has is not in the file, and cannot be what is shown.
    refused(
        "[subject]",
        "[world.another]\nkind = 'proxy'\naddress = '10.87.0.2'\nport = 53\n[subject]",
        "x.toml:6:8: node dns: its lab address 10.87.0.2:53 is taken by node another; expected a world that does not \
         contradict itself",
    );
}

#[test]
fn a_node_with_a_name_of_its_own_says_its_kind() {
    refused(
        "[world.upstream]",
        "[world.other]",
        "x.toml:4:8: the name `other` does not imply a kind; expected kind = one of `microsoft-update`, `upstream`, `proxy`, \
         `dns` or `pki`",
    );
    refused(
        "[world.upstream]",
        "[world.other]\nkind = 'router'",
        "x.toml:5:8: unknown kind of node; expected `microsoft-update`, `upstream`, `proxy`, `dns` or `pki`",
    );
    let other = GOOD.replacen("[world.upstream]", "[world.other]\nkind = 'upstream'", 1);
    assert!(read("x/y", "x.toml", &other).unwrap().world.nodes.contains_key("other"));
}

#[test]
fn codes_modes_and_facts_are_spelt_as_they_must_be() {
    refused(
        "'F-34'",
        "'F34'",
        "x.toml:2:10: `F34` is no failure mode; expected `F-` and two digits, or `X-` and a number",
    );
    refused(
        "'tls/expired'",
        "'expired'",
        "x.toml:9:9: `expired` is no cause; expected a layer, a slash and a name, or `healthy`, `not-you`, `undetermined`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nabsent = ['host.name']",
        "x.toml:8:11: `host.name` is nothing that can be left out; expected a field of Step 0, or `host` and a fact, as \
         `host.stores`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nhost = { clock = '2h' }",
        "x.toml:8:18: `2h` is no offset; expected a sign, a number and s, m, h or d, as `+2h`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nhost = { stores = { root = ['node:proxy'] } }",
        "x.toml:8:8: `node:proxy` names no upstream server of this world; expected the name of one, as `node:upstream`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nhost = { stores = { root = ['inspection'] } }",
        "x.toml:8:8: `inspection` is the root of a proxy that inspects TLS, and none does in this world; expected a proxy with \
         `intercept = {}`",
    );
    refused(
        "from = 'upstream'",
        "from = 'upstream'\nhost = { stores = { root = ['root-of:expired'] } }",
        "x.toml:8:8: `root-of:expired` names no root that is made for this world; expected the defect of a fault for which \
         one is made, as `root-of:expired-root`",
    );
}

#[test]
fn a_lesson_has_words() {
    refused("symptom = 's'\n", "", "x.toml:10:1: missing field `symptom`");
    refused("remedy = 'r'", "remedy = ' '", "x.toml:10:1: `remedy` is empty; expected some words");
    refused("references = ['r']", "references = []", "x.toml:10:1: `references` is empty; expected at least one");
}

#[test]
fn a_column_counts_characters() {
    let error = read("x/y", "x.toml", "title = 'é' x").unwrap_err();
    assert_eq!(error.place(), (1, 13));
}
