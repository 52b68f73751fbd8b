//! How a report is checked without this program: what its evidence id is, and the commands of each system.
//!
//! `docs/verifying.md` has the same commands and says more; a test runs those for Linux.

/// The heading.
pub const HEADING: &str = "How to check this report";
/// Before the evidence id.
pub const ID: &str = "Evidence id";
/// What the evidence id is.
pub const ID_SENTENCE: &str = "The evidence id is the SHA-256 of INPUTS.sha256, the list of every file that was read with \
     its own SHA-256. Two reports with the same evidence id were made of the same bytes.";
/// What stands beside a report.
pub const BUNDLE_SENTENCE: &str = "Written into a folder, a report stands beside INPUTS.sha256, manifest.json (what was read, by \
     which version, with which options) and SHA256SUMS, which is written last: where it is missing, the run did not end. \
     A report that was written as one file has none of them.";
/// What a check proves, and what it cannot.
pub const BOUNDARY: &str = "This proves what happened from the saved files onward. That a page came from Microsoft it cannot prove: \
     the service does not sign its answers. Who vouches for the report signs SHA256SUMS with a key of their own.";

/// The commands of one system.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Where they run.
    pub system: &'static str,
    /// What each tells, and the command.
    pub commands: [(&'static str, &'static str); 3],
}

/// With this program: the outputs, the counts in them, and the inputs at once.
pub const VERIFY: (&str, &str) =
    ("with entra-diff, all at once", "entra-diff verify REPORT-FOLDER --inputs INPUT-FOLDER");

/// How whoever vouches for a report signs it, and how that is checked, with tools that keep the keys. The namespace
/// and the names are examples.
pub const SIGNING: [(&str, &str); 4] = [
    (
        "sign with OpenSSH, in the report's folder",
        "ssh-keygen -Y sign -f KEY -n evidence@example.org SHA256SUMS",
    ),
    (
        "check that signature; allowed_signers names who may sign, for what, with which public key",
        "ssh-keygen -Y verify -f allowed_signers -I auditor@example.org -n evidence@example.org -s SHA256SUMS.sig < SHA256SUMS",
    ),
    ("sign with minisign, in the report's folder", "minisign -S -s KEY -m SHA256SUMS"),
    ("check that signature", "minisign -V -p KEY.pub -m SHA256SUMS"),
];

const FILES: &str = "in the report's folder: every file is as it was written";
const EVIDENCE_ID: &str = "in the report's folder: prints the evidence id";
const INPUTS: &str = "in the folder of the inputs: they are the files that were read";

/// The commands that need nothing but the system.
pub const RECIPES: [Recipe; 2] = [
    Recipe {
        system: "Linux",
        commands: [
            (FILES, "sha256sum --check --strict SHA256SUMS"),
            (EVIDENCE_ID, "sha256sum INPUTS.sha256"),
            (INPUTS, "sha256sum --check --strict REPORT-FOLDER/INPUTS.sha256"),
        ],
    },
    Recipe {
        system: "Windows PowerShell",
        commands: [
            (
                "in the report's folder: names every file that is not as it was written",
                "Get-Content -Encoding UTF8 SHA256SUMS | ForEach-Object { $hash, $name = $_ -split '  ', 2; \
                 if ((Get-FileHash -LiteralPath $name).Hash -ne $hash) { \"CHANGED: $name\" } }",
            ),
            (EVIDENCE_ID, "(Get-FileHash INPUTS.sha256).Hash.ToLower()"),
            (
                "in the folder of the inputs: names every file that is not the one that was read",
                "Get-Content -Encoding UTF8 REPORT-FOLDER\\INPUTS.sha256 | ForEach-Object { $hash, $name = $_ -split '  ', 2; \
                 if ((Get-FileHash -LiteralPath $name).Hash -ne $hash) { \"CHANGED: $name\" } }",
            ),
        ],
    },
];
