//! Real peers against the built program: curl, OpenSSL's own client, a foreign examiner, and the program by itself.
//!
//! They prove bytes, SOAP and certificates to clients that nobody here wrote. They prove nothing of Schannel or of the texts
//! of .NET Framework.

mod agree;
mod bad_input;
mod chains;
mod curl;
mod examiner;
mod files;
mod openssl;
mod program;
mod served;
mod verdicts;
mod worlds;
mod zeep;

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = [
        curl::trials(),
        chains::trials(),
        openssl::trials(),
        agree::trials(),
        examiner::trials(),
        files::trials(),
        program::trials(),
        bad_input::trials(),
        zeep::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit();
}
