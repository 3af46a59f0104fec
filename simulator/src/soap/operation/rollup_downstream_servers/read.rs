//! Reading the reports of servers. A missing member has the default of its type.

use super::{Activity, ClientSummary, SUMMARY, ServerRollup, ServerSummary, System};
use crate::soap::read::{Element, Reading, Unreadable};

/// `DownstreamServerRollupInfo`.
pub(super) fn server(reading: Reading, item: &Element<'_>) -> Result<ServerRollup, Unreadable> {
    const MEMBERS: [&str; 9] = [
        "ServerId",
        "FullDomainName",
        "LastSyncTime",
        "ParentServerId",
        "Version",
        "IsReplica",
        "LastRollupTime",
        "ServerSummary",
        "ClientSummaries",
    ];
    let [id, name, last_sync, parent, version, is_replica, last_rollup, summary, clients] =
        reading.members(Some(item), MEMBERS);
    let items = clients.into_iter().flat_map(|list| reading.items(list, "DownstreamServerRollupClientSummary"));
    Ok(ServerRollup {
        server_id: reading.guid(id)?,
        full_domain_name: reading.string(name),
        last_sync_time: reading.date_time(last_sync)?,
        parent_server_id: reading.guid(parent)?,
        version: reading.string(version),
        is_replica: is_replica.map_or(Ok(false), Element::boolean)?,
        last_rollup_time: reading.date_time(last_rollup)?,
        server_summary: summary.map_or(Ok(ServerSummary::default()), |summary| counts(reading, summary))?,
        client_summaries: items.map(|item| client(reading, item)).collect::<Result<_, _>>()?,
    })
}

fn counts(reading: Reading, item: &Element<'_>) -> Result<ServerSummary, Unreadable> {
    let mut counts = [0; SUMMARY.len()];
    for (count, member) in counts.iter_mut().zip(reading.members(Some(item), SUMMARY)) {
        *count = reading.number(member)?;
    }
    Ok(ServerSummary(counts))
}

fn client(reading: Reading, item: &Element<'_>) -> Result<ClientSummary, Unreadable> {
    const MEMBERS: [&str; 13] = [
        "OSMajorVersion",
        "OSMinorVersion",
        "OSBuildNumber",
        "OSServicePackMajorNumber",
        "OSServicePackMinorNumber",
        "OSLocale",
        "SuiteMask",
        "OldProductType",
        "NewProductType",
        "SystemMetrics",
        "ProcessorArchitecture",
        "Count",
        "ActivitySummaries",
    ];
    let [major, minor, build, pack, pack_minor, locale, suite, old, new, metrics, processor, count, activities] =
        reading.members(Some(item), MEMBERS);
    let mut numbers = [0; 5];
    for (number, member) in numbers.iter_mut().zip([major, minor, build, pack, pack_minor]) {
        *number = reading.number(member)?;
    }
    let items = activities.into_iter();
    let items = items.flat_map(|list| reading.items(list, "DownstreamServerRollupClientActivitySummary"));
    Ok(ClientSummary {
        system: System {
            numbers,
            os_locale: reading.string(locale),
            suite_mask: reading.number(suite)?,
            old_product_type: reading.number(old)?,
            new_product_type: reading.number(new)?,
            system_metrics: reading.number(metrics)?,
            processor_architecture: reading.string(processor),
        },
        count: reading.number(count)?,
        activity_summaries: items.map(|item| activity(reading, item)).collect::<Result<_, _>>()?,
    })
}

fn activity(reading: Reading, item: &Element<'_>) -> Result<Activity, Unreadable> {
    const MEMBERS: [&str; 4] = ["UpdateId", "RevisionNumber", "InstallSuccessCount", "InstallFailureCount"];
    let [id, revision, successes, failures] = reading.members(Some(item), MEMBERS);
    Ok(Activity {
        update_id: reading.guid(id)?,
        revision_number: reading.number(revision)?,
        install_success_count: reading.number(successes)?,
        install_failure_count: reading.number(failures)?,
    })
}
