//! Records of a Step 0 that failed, written after PowerShell's forms. `step0/failure.rs` says which of the signs were seen and
//! which are recalled; no record here was taken from a real server.

use super::Folder;
use crate::subject::Step0;
use crate::subject_folder::{Step0Failure, SubjectError};

#[track_caller]
fn check(transcript: &str, kind: Step0Failure, message: &str) {
    let folder = Folder::new().with("wsus.txt", transcript);
    let error = folder.read().unwrap_err();
    assert!(matches!(error, SubjectError::Step0Failed { kind: found, .. } if found == kind), "{error}");
    assert_eq!(folder.shorten(&error.to_string()), message);
    assert!(error.help().is_some());
}

#[test]
fn a_missing_module_is_told_from_the_english_error_wrapped_anywhere() {
    check(
        "PS C:\\> Import-Module UpdateServices -ErrorAction Stop
Import-Module : The specified module 'UpdateServices' was not loaded because no valid module fi
le was found in any module directory.
At line:1 char:1
+ Import-Module UpdateServices -ErrorAction Stop
+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ResourceUnavailable: (UpdateServices:String) [Import-Module], FileNotFoundException
    + FullyQualifiedErrorId : Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand
",
        Step0Failure::NoModule,
        "wsus.txt:2: Step 0 failed: the module UpdateServices was not found: \"Import-Module : The specified module \
         'UpdateServices' was not loaded because no valid module fi\"",
    );
}

#[test]
fn a_missing_module_is_told_from_the_id_of_a_localised_error() {
    check(
        "Import-Module : Das angegebene Modul \"UpdateServices\" wurde nicht geladen, da in keinem Modulverzeichnis eine
gültige Moduldatei gefunden wurde.
In Zeile:1 Zeichen:1
    + CategoryInfo          : ResourceUnavailable: (UpdateServices:String) [Import-Module], FileNotFoundException
    + FullyQualifiedErrorId : Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand
",
        Step0Failure::NoModule,
        "wsus.txt:5: Step 0 failed: the module UpdateServices was not found: \"+ FullyQualifiedErrorId : \
         Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand\"",
    );
}

#[test]
fn an_unknown_command_is_a_missing_module_in_any_language() {
    check(
        "Get-WsusServer : Le terme «Get-WsusServer» n'est pas reconnu comme nom d'applet de commande\r
    + CategoryInfo          : ObjectNotFound: (Get-WsusServer:String) [], CommandNotFoundException\r
    + FullyQualifiedErrorId : CommandNotFoundException\r\n",
        Step0Failure::NoModule,
        "wsus.txt:2: Step 0 failed: the module UpdateServices was not found: \"+ CategoryInfo          : ObjectNotFound: \
         (Get-WsusServer:String) [], CommandNotFoundException\"",
    );
    check(
        "\u{1b}[31;1mGet-WsusServer: \u{1b}[31;1mThe term 'Get-WsusServer' is not recognized as a name of a cmdlet, function\u{1b}[0m\n",
        Step0Failure::NoModule,
        "wsus.txt:1: Step 0 failed: the module UpdateServices was not found: \"Get-WsusServer: The term 'Get-WsusServer' is \
         not recognized as a name of a cmdlet, function\"",
    );
}

#[test]
fn the_compatibility_session_of_powershell_7_is_the_wrong_powershell() {
    check(
        "WARNING: Module UpdateServices is loaded in Windows PowerShell using WinPSCompatSession remoting session; please note
InvalidOperation:
Line |
   2 |  $config = $server.GetConfiguration()
     |  Method invocation failed because
     | [Deserialized.Microsoft.UpdateServices.Internal.BaseApi.UpdateServer] does not contain a method named
     | 'GetConfiguration'.
",
        Step0Failure::WrongPowerShell,
        "wsus.txt:1: Step 0 failed: it ran in the wrong PowerShell: \"WARNING: Module UpdateServices is loaded in Windows \
         PowerShell using WinPSCompatSession remoting session; please note\"",
    );
}

#[test]
fn a_refused_permission_is_told() {
    check(
        "Get-WsusServer : Request for principal permission failed.\nAt line:2 char:11\n",
        Step0Failure::NotElevated,
        "wsus.txt:1: Step 0 failed: permission was refused: \"Get-WsusServer : Request for principal permission failed.\"",
    );
    check(
        "Get-WsusServer : Zugriff verweigert\n    + FullyQualifiedErrorId : System.UnauthorizedAccessException,Microsoft.Upda\n",
        Step0Failure::NotElevated,
        "wsus.txt:2: Step 0 failed: permission was refused: \"+ FullyQualifiedErrorId : \
         System.UnauthorizedAccessException,Microsoft.Upda\"",
    );
}

#[test]
fn an_unreachable_server_is_told_and_a_password_in_the_line_is_masked() {
    check(
        "Get-WsusServer : Cannot connect to http://a:hunter2@wsus01:8530\n",
        Step0Failure::Unreachable,
        "wsus.txt:1: Step 0 failed: the WSUS server's web service was not reachable: \"Get-WsusServer : Cannot connect to \
         http://a:***@wsus01:8530\"",
    );
    check(
        "Get-WsusServer : The request failed with HTTP status 503: Service Unavailable.\n",
        Step0Failure::Unreachable,
        "wsus.txt:1: Step 0 failed: the WSUS server's web service was not reachable: \"Get-WsusServer : The request failed \
         with HTTP status 503: Service Unavailable.\"",
    );
}

#[test]
fn names_without_values_after_an_error_are_that_error() {
    let blank: String = Step0::FIELDS.iter().map(|field| format!("{field:<28} : \n")).collect();
    check(
        &format!(
            "Get-WsusServer : Access is denied\nYou cannot call a method on a null-valued expression.\n\n{blank}\n"
        ),
        Step0Failure::NotElevated,
        "wsus.txt:1: Step 0 failed: permission was refused: \"Get-WsusServer : Access is denied\"",
    );
}

#[test]
fn names_without_values_and_without_an_error_are_no_step_0() {
    let expected =
        "wsus.txt: every field of Step 0 is empty; expected at least SyncFromMicrosoftUpdate to have a value";
    let list: String = Step0::FIELDS.iter().map(|field| format!("{field:<28} : \n")).collect();
    assert_eq!(Folder::new().with("wsus.txt", list).message(), expected);
    let json = serde_json::to_string(&Step0::default()).unwrap();
    assert_eq!(Folder::new().with("wsus.txt", json).message(), expected);
}
