//! Steps that several remedies share, with the guide's marks on them.

use super::{Action, Audience, Effect};

/// Points the server at the endpoint that Microsoft documents today (guide, section 1).
pub(crate) const USE_CURRENT_ENDPOINT: &[Action] = &[
    Action::windows_powershell(
        "$server = Get-WsusServer; $config = $server.GetConfiguration()\n\
         $config.MUUrl = 'https://sws.update.microsoft.com'\n\
         $config.RedirectorChangeNumber = 4002\n\
         $config.Save()",
    )
    .before("SyncFromMicrosoftUpdate is true, TLS 1.2 works on this server, and all WSUS consoles are closed")
    .not_on(DOWNSTREAM),
    Action::cmd("iisreset")
        .that(Effect::AffectsOtherApplications)
        .before(
            "only where SyncFromMicrosoftUpdate is True; it restarts all web sites of this server's IIS, so other \
             applications on it are interrupted, and so are clients that scan and a synchronization that runs",
        )
        .not_on(DOWNSTREAM),
    Action::windows_powershell("Restart-Service WsusService -Verbose")
        .that(Effect::RestartsIis)
        .before(
            "only where SyncFromMicrosoftUpdate is True; a synchronization that runs stops and has to be started again",
        )
        .not_on(DOWNSTREAM),
];

/// Where the settings of the source must never be changed to Microsoft's.
pub(crate) const DOWNSTREAM: &str = "a downstream or replica server";

/// Shows the settings that decide.
pub(crate) const READ_STEP_0: &str = "(Get-WsusServer).GetConfiguration() | Select-Object SyncFromMicrosoftUpdate, \
    MUUrl, UpstreamWsusServerName, UpstreamWsusServerPortNumber, UpstreamWsusServerUseSsl, UseProxy, ProxyName, \
    ProxyServerPort, AnonymousProxyAccess, HasProxyPassword, UseSeparateProxyForSsl, SslProxyName, SslProxyServerPort";

/// Opens the page of the console that holds the proxy.
pub(crate) const PROXY_PAGE: Action = Action::person(
    "In the WSUS console open Options > Update Source and Proxy Server > Proxy Server and correct the name and port there; \
     the WinHTTP proxy (netsh winhttp) is not the one that synchronization uses.",
);

/// Corrects a separate proxy for HTTPS.
pub(crate) const SEPARATE_PROXY: Action = Action::cmd(
    "cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil ConfigureSSLproxy {proxy} {proxy_port} -enable",
)
.before("UseSeparateProxyForSsl is true; put in the right name and port")
.only_for(Audience::SeparateProxy);

/// Points a downstream server at the right place of its upstream.
pub(crate) const SET_UPSTREAM: Action = Action::windows_powershell(
    "Set-WsusServerSynchronization -UssServerName {host} -PortNumber 8531 -UseSsl",
)
.before(
    "the upstream really serves HTTPS on that port (8530 without -UseSsl is its plain-HTTP twin); on a replica add \
             -Replica, so that it stays one (recalled, not tried)",
)
.not_on("a server that synchronizes from Microsoft Update")
.only_for(Audience::Downstream);

/// The settings that decide what a 407 means.
pub(crate) const READ_PROXY_SETTINGS: &str =
    "(Get-WsusServer).GetConfiguration() | Select-Object AnonymousProxyAccess, HasProxyPassword, ProxyUserName";

/// Repeats the request in the way .NET makes it (guide, section 5).
pub(crate) const REQUEST_AS_DOTNET: Action = Action::windows_powershell(
    "try { [Net.HttpWebRequest]::Create('{url}/ServerSyncWebService/ServerSyncWebService.asmx').GetResponse().Close(); \
     'HTTPS request succeeded' } catch { $_.Exception.GetBaseException().Message }",
)
.before("it runs with your own stores and proxy, which are not those of the service");

/// The same as the service sees it. A person's stores and proxy are not those of NETWORK SERVICE, so a test by hand proves
/// little; this one line leaves nothing behind but the text it prints.
pub(crate) const REQUEST_AS_SERVICE: Action = Action::windows_powershell(
    "$n='WsusPathTest'; $f=\"$env:windir\\Temp\\$n.txt\"; Register-ScheduledTask $n -User 'NT AUTHORITY\\NETWORK SERVICE' -Force \
     -Action (New-ScheduledTaskAction -Execute powershell.exe -Argument ('-NoProfile -Command \"& { try { \
     [Net.HttpWebRequest]::Create(''{url}/ServerSyncWebService/ServerSyncWebService.asmx'').GetResponse().Close(); \
     ''HTTPS request succeeded'' } catch { $_.Exception.GetBaseException().Message } } | Out-File ' + $f + '\"')) | \
     Start-ScheduledTask; Start-Sleep 30; Get-Content $f; Unregister-ScheduledTask $n -Confirm:$false; Remove-Item $f",
)
.before("repeats it as NETWORK SERVICE, by a task that is removed again; the proxy of WSUS is still not in it");

/// What .NET says of every certificate that it rejects.
pub(crate) const TRUST_FAILURE: &str = "The underlying connection was closed: Could not establish trust relationship for the \
    SSL/TLS secure channel. ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid \
    according to the validation procedure.";

/// Where Microsoft's own chain is not what arrives, something on the way most likely re-signs it (guide, section 3).
pub(crate) const BYPASS_INSPECTION: Action = Action::person(
    "If the chain above was issued by your own proxy or firewall, exempt the Microsoft Update domains from TLS inspection, \
     as a test first. That its authority is trusted may not be enough: WSUS also checks that Microsoft's chain ends at a \
     Microsoft root.",
)
.only_for(Audience::TopServer);
