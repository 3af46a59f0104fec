//! Whether the faults of one node can act together: one that another always forestalls at the same listener is refused.
//!
//! What stands behind a fault of another node, or behind one that acts now and then, may be hidden and is no contradiction.

use crate::fault::{Fault, When};
use crate::seam::{Stage, Standing, is_below};
use crate::world::Node;

/// Refuses the first fault that could never act: its number, counted from 0, and why.
pub(super) fn check(node: &Node) -> Result<(), (usize, String)> {
    let listeners = node.listeners();
    for (number, fault) in node.faults().iter().enumerate() {
        let late = Placed { number, fault };
        let here = listeners.iter().filter(|(listener, layers)| late.is_at(listener, layers));
        // A fault on several listeners needs one at which it can act.
        let mut forestalled = here.map(|(listener, layers)| forestaller(node, late, listener, layers));
        if let Some(Some(by)) = forestalled.next()
            && forestalled.all(|by| by.is_some())
        {
            return Err((number, reason(fault, by)));
        }
    }
    Ok(())
}

/// A fault, and its number in the list of its node.
#[derive(Clone, Copy)]
struct Placed<'a> {
    number: usize,
    fault: &'a Fault,
}

/// The fault that takes every moment of another one at this listener, and how it stands.
fn forestaller<'a>(node: &'a Node, late: Placed<'_>, listener: &str, layers: &[&str]) -> Option<(&'a Fault, Standing)> {
    let placed = node.faults().iter().enumerate().map(|(number, fault)| Placed { number, fault });
    let mut others = placed.filter(|other| other.number != late.number && other.is_at(listener, layers));
    others.find_map(|early| {
        let standing = early.fault.standing()?;
        early.forestalls(standing, late).then_some((early.fault, standing))
    })
}

fn reason(fault: &Fault, (by, standing): (&Fault, Standing)) -> String {
    let article = if by.name() == fault.name() { "another" } else { "the" };
    let (name, by, moment) = (fault.name(), by.name(), standing.stage.moment());
    format!("the fault {name} could never act: {article} fault {by} takes every {moment} before it")
}

impl Placed<'_> {
    fn is_at(self, listener: &str, layers: &[&str]) -> bool {
        self.fault.is_on(listener) && self.fault.layers().iter().all(|layer| layers.contains(layer))
    }

    /// Whether this one, which stands so, leaves the other no moment.
    fn forestalls(self, standing: Standing, late: Placed<'_>) -> bool {
        let always = When::default();
        let (when, of_late) = (self.fault.when.as_ref(), late.fault.when.as_ref());
        let (when, of_late) = (when.unwrap_or(&always), of_late.unwrap_or(&always));
        let at_one_seam = self.comes_first(standing.stage, late);
        (at_one_seam || standing.ends && late.stands_behind(standing.stage, self))
            && holds_whenever(when, of_late, at_one_seam)
            && has_all(operations(self.fault), operations(late.fault))
    }

    /// Whether both act at one seam, this one first.
    fn comes_first(self, stage: Stage, late: Placed<'_>) -> bool {
        match (stage, late.fault.standing().map(|standing| standing.stage)) {
            (Stage::Sent(bytes), Some(Stage::Sent(later))) if bytes != later => bytes < later,
            (stage, Some(other)) => stage == other && self.number < late.number,
            (_, None) => false,
        }
    }

    /// Whether its seam is asked later than this one. Who does not say at which it acts is behind the layers before its own.
    fn stands_behind(self, stage: Stage, early: Placed<'_>) -> bool {
        match self.fault.standing() {
            Some(standing) => stage < standing.stage,
            None => early.fault.nth_layer() < self.fault.nth_layer(),
        }
    }
}

/// Whether the first condition holds at every moment at which the second does; operations apart.
fn holds_whenever(when: &When, other: &When, at_one_seam: bool) -> bool {
    let When { operation: _, call, host, path } = when;
    let same_host = |host: &String| other.host.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(host));
    // Two conditions count the same calls only if they are the same, and asked at the same seam.
    let same_call = call.is_none() || at_one_seam && when == other;
    let below = |path: &String| other.path.as_ref().is_some_and(|other| is_below(path, other));
    same_call && host.as_ref().is_none_or(same_host) && path.as_ref().is_none_or(below)
}

/// The operations during which alone a fault acts; all without.
fn operations(fault: &Fault) -> Option<Vec<&str>> {
    match fault.when.as_ref().and_then(|when| when.operation.as_deref()) {
        Some(operation) => Some(vec![operation]),
        None => fault.standing()?.operations.map(<[_]>::to_vec),
    }
}

fn has_all(operations: Option<Vec<&str>>, others: Option<Vec<&str>>) -> bool {
    match (operations, others) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(operations), Some(others)) => others.iter().all(|other| operations.contains(other)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use certs::Defect;

    use super::*;
    use crate::fault::http::HttpFault;
    use crate::fault::soap::{AnswerWithFault, SoapFaultKind};
    use crate::fault::tcp::{ResetAfter, StallAfter, TcpFault};
    use crate::fault::tls::{Alert, OneVersion, OnlyVersion, TlsFault};
    use crate::soap::fault::ErrorCode;
    use crate::world::{MicrosoftUpdate, Upstream};

    #[test]
    fn nothing_stands_behind_a_port_that_refuses() {
        let expired = on("https", tls(TlsFault::Certificate(Defect::Expired)));
        let reason = "the fault tls/certificate could never act: the fault tcp/refuse takes every connection before it";
        check([refuse(), expired.clone()], Err((1, reason)));
        check([expired, refuse()], Err((0, reason)));
    }

    #[test]
    fn another_listener_is_another_way() {
        let expired = on("https", tls(TlsFault::Certificate(Defect::Expired)));
        check([on("http", refuse()), expired], Ok(()));
        // On both listeners, and one of them refuses.
        check([on("http", refuse()), http(HttpFault::PoolStopped {})], Ok(()));
    }

    #[test]
    fn the_second_of_two_at_one_seam_never_acts() {
        let defects = [Defect::Expired, Defect::WrongHost].map(|defect| tls(TlsFault::Certificate(defect)));
        check(
            defects,
            Err((
                1,
                "the fault tls/certificate could never act: another fault tls/certificate takes every handshake before it",
            )),
        );
        check(
            [alert(), tls(TlsFault::OnlyVersion(OnlyVersion { version: OneVersion::Tls12 }))],
            Err((
                1,
                "the fault tls/only-version could never act: the fault tls/alert takes every ClientHello before it",
            )),
        );
    }

    #[test]
    fn a_chain_is_sent_by_who_answers_the_client_hello() {
        let expired = || tls(TlsFault::Certificate(Defect::Expired));
        check([tls(TlsFault::OnlyVersion(OnlyVersion { version: OneVersion::Tls12 })), expired()], Ok(()));
        check(
            [alert(), expired()],
            Err((
                1,
                "the fault tls/certificate could never act: the fault tls/alert takes every ClientHello before it",
            )),
        );
    }

    #[test]
    fn a_condition_leaves_the_other_moments() {
        let when = |host: &str| When { host: Some(host.to_owned()), ..When::default() };
        let pool_stopped = || on("https", http(HttpFault::PoolStopped {}));
        let for_host = |host: &str, fault: Fault| Fault { when: Some(when(host)), ..fault };
        check([for_host("wsus01", alert()), pool_stopped()], Ok(()));
        check([for_host("wsus01", alert()), alert()], Ok(()));
        check(
            [alert(), for_host("wsus01", alert())],
            Err((1, "the fault tls/alert could never act: another fault tls/alert takes every ClientHello before it")),
        );
        check(
            [for_host("wsus01", alert()), for_host("WSUS01", pool_stopped())],
            Err((
                1,
                "the fault http/pool-stopped could never act: the fault tls/alert takes every ClientHello before it",
            )),
        );
    }

    #[test]
    fn a_directory_leaves_the_others() {
        let below = |path: &str| Fault {
            when: Some(When { path: Some(path.to_owned()), ..When::default() }),
            ..http(HttpFault::PoolStopped {})
        };
        check([below("/ServerSyncWebService"), below("/DssAuthWebService")], Ok(()));
        check([below("/ServerSyncWebService"), http(HttpFault::OtherSite {})], Ok(()));
        check(
            [below("/content"), below("/Content/AB")],
            Err((
                1,
                "the fault http/pool-stopped could never act: another fault http/pool-stopped takes every request before it",
            )),
        );
    }

    #[test]
    fn a_call_is_one_moment_among_many() {
        let nth = |call, fault: Fault| Fault { when: Some(When { call: Some(call), ..When::default() }), ..fault };
        check([nth(1, alert()), nth(2, alert())], Ok(()));
        check([nth(1, alert()), nth(1, http(HttpFault::PoolStopped {}))], Ok(()));
        check(
            [nth(1, alert()), nth(1, alert())],
            Err((1, "the fault tls/alert could never act: another fault tls/alert takes every ClientHello before it")),
        );
    }

    #[test]
    fn faults_of_the_protocol_share_no_operation() {
        let answer = SoapFaultKind::Answer(AnswerWithFault {
            error_code: ErrorCode::InternalServerError,
            message: String::new(),
        });
        let during = |operation: &str, kind: &SoapFaultKind| Fault {
            when: Some(When { operation: Some(operation.to_owned()), ..When::default() }),
            soap: Some(kind.clone()),
            ..Fault::default()
        };
        let withhold = || Fault { soap: Some(SoapFaultKind::WithholdMetadata {}), ..Fault::default() };
        check([during("GetCookie", &answer), withhold()], Ok(()));
        check([withhold(), during("GetCookie", &answer)], Ok(()));
        let forestalled = |by| {
            format!("the fault soap/withhold-metadata could never act: the fault {by} takes every operation before it")
        };
        check([during("GetUpdateData", &answer), withhold()], Err((1, &forestalled("soap/answer"))));
        let garble = Fault { soap: Some(SoapFaultKind::GarbleMetadata {}), ..Fault::default() };
        check([garble, withhold()], Err((1, &forestalled("soap/garble-metadata"))));
    }

    #[test]
    fn of_two_that_count_bytes_the_lower_number_acts() {
        let reset = |bytes| on("https", tcp(TcpFault::ResetAfter(ResetAfter { bytes })));
        let stall = on("https", tcp(TcpFault::StallAfter(StallAfter { bytes: 900 })));
        check(
            [stall.clone(), reset(100)],
            Err((
                0,
                "the fault tcp/stall-after could never act: the fault tcp/reset-after takes every connection before it",
            )),
        );
        check([reset(2000), alert()], Ok(()));
        check(
            [alert(), reset(0)],
            Err((0, "the fault tls/alert could never act: the fault tcp/reset-after takes every connection before it")),
        );
    }

    #[test]
    fn what_fe2_cuts_off_no_service_answers() {
        let soap = Some(SoapFaultKind::WithholdMetadata {});
        let fault = Fault { on: Some("fe2".to_owned()), soap, ..Fault::default() };
        let node = Node::MicrosoftUpdate(MicrosoftUpdate { faults: vec![fault], ..MicrosoftUpdate::default() });
        let reason = "a fault of the layer soap cannot be at its listener fe2, which has no such layer";
        assert_eq!(node.check_faults(), Err((0, reason.to_owned())));
    }

    fn check<const N: usize>(faults: [Fault; N], expected: Result<(), (usize, &str)>) {
        let node = Node::Upstream(Upstream { faults: faults.to_vec(), ..Upstream::default() });
        assert_eq!(node.check_faults(), expected.map_err(|(number, reason)| (number, reason.to_owned())));
    }

    fn on(listener: &str, fault: Fault) -> Fault {
        Fault { on: Some(listener.to_owned()), ..fault }
    }

    fn refuse() -> Fault {
        tcp(TcpFault::Refuse {})
    }

    fn alert() -> Fault {
        on("https", tls(TlsFault::Alert(Alert { code: 40 })))
    }

    fn tcp(fault: TcpFault) -> Fault {
        Fault { tcp: Some(fault), ..Fault::default() }
    }

    fn tls(fault: TlsFault) -> Fault {
        Fault { tls: Some(fault), ..Fault::default() }
    }

    fn http(fault: HttpFault) -> Fault {
        Fault { http: Some(fault), ..Fault::default() }
    }
}
