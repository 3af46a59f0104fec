//! Real peers against the built program: curl, OpenSSL's own client, a foreign examiner, and the program by itself.
//!
//! They prove bytes, SOAP and certificates to clients that nobody here wrote. They prove nothing of Schannel or of the texts
//! of .NET Framework.

#[path = "peers/bad_input.rs"]
mod bad_input;
#[path = "peers/chains.rs"]
mod chains;
#[path = "peers/curl.rs"]
mod curl;
#[path = "peers/examiner.rs"]
mod examiner;
#[path = "peers/openssl.rs"]
mod openssl;
#[path = "peers/program.rs"]
mod program;
#[path = "peers/served.rs"]
mod served;

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = [
        curl::trials(),
        chains::trials(),
        openssl::trials(),
        examiner::trials(),
        program::trials(),
        bad_input::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit();
}
