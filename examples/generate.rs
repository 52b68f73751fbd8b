//! A generator of exports of any size, for benches and for trying the program.
//!
//! It writes `DIR/getChanges/page-00001.json` … and, as if a recovery had been run of them,
//! `DIR/getFailedChanges/page-00001.json` …, in the shape the service gives: compact JSON, ids of
//! snapshot and job in the context, a count on the first page, a link on each page but the last.
//! All names and values are made up; the same flags give the same bytes. Changes are written as
//! they are made, so memory does not grow with their number.
//!
//! A change has about 430 bytes and 2.7 differing properties and links: seven of ten are updates
//! of users, the rest groups with members, policies, applications and what belongs to them.
//! Pages that are there already are never overwritten. A failure is one line on stderr, code 1;
//! wrong flags are code 2.
//!
//! ```text
//! cargo run --release --example generate -- --changes 100000 --output DIR
//! ```

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: generate --changes N --output DIR
                [--page-size N]     changes a page, 999 unless told
                [--failed-every N]  every N-th change fails, 50 unless told; 0: no failed changes
                [--seed N]          other values, 1 unless told
                [--one-file]        one page, however long
";

const SERVICE: &str = "https://graph.microsoft.com/v1.0";
/// The base64 of 1785189600, which is 2026-07-27T22:00:00Z: the form that the service uses.
const SNAPSHOT_ID: &str = "MTc4NTE4OTYwMA==";
/// The service gives no longer pages.
const LONGEST_PAGE: usize = 999;
const MICROSOFT_GRAPH: &str = "00000003-0000-0000-c000-000000000000";

fn main() -> ExitCode {
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => return tell(&mut io::stdout(), USAGE, 0),
        Err(message) => return tell(&mut io::stderr(), &format!("generate: {message}\n{USAGE}"), 2),
    };
    match generate(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => tell(&mut io::stderr(), &format!("generate: {message}\n"), 1),
    }
}

/// Where even the message cannot be written, the code is all that is left to tell.
fn tell(to: &mut dyn Write, message: &str, code: u8) -> ExitCode {
    ExitCode::from(to.write_all(message.as_bytes()).map_or(1, |()| code))
}

fn generate(options: &Options) -> Result<(), String> {
    let mut random = Random(options.seed);
    let (preview_job, recovery_job) = (random.guid(), random.guid());
    let mut planned = Pages::create(options, &PREVIEW, &preview_job, options.changes)?;
    let failures = options.changes.checked_div(options.failed_every).unwrap_or(0);
    let mut failed = match failures {
        0 => None,
        _ => Some(Pages::create(options, &RECOVERY, &recovery_job, failures)?),
    };
    // Its own sequence, so that other failures leave the planned changes as they are.
    let mut luck = Random(!options.seed);
    for number in 1..=options.changes {
        let change = drawn_change(&mut random);
        planned.add(&change, None)?;
        if let Some(failed) = failed.as_mut().filter(|_| number % options.failed_every == 0) {
            failed.add(&change, Some(&change.failure(&mut luck)))?;
        }
    }
    failed.map_or(Ok(()), Pages::finish)?;
    planned.finish()
}

struct Options {
    changes: usize,
    output: PathBuf,
    page_size: usize,
    failed_every: usize,
    seed: u64,
}

impl Options {
    /// `None` where help is asked for.
    fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let (mut changes, mut output, mut page_size) = (None, None, LONGEST_PAGE);
        let (mut failed_every, mut seed) = (50, 1);
        while let Some(flag) = args.next() {
            let flag = flag.to_string_lossy();
            match flag.as_ref() {
                "--changes" => changes = Some(number(&flag, args.next())?),
                "--output" => output = args.next().map(PathBuf::from),
                "--page-size" => page_size = number(&flag, args.next())?,
                "--failed-every" => failed_every = number(&flag, args.next())?,
                "--seed" => seed = number(&flag, args.next())?,
                "--one-file" => page_size = usize::MAX,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("{flag}: no such flag")),
            }
        }
        if page_size == 0 {
            return Err("--page-size: a page holds at least one change".into());
        }
        Ok(Some(Self {
            changes: changes.ok_or("--changes is missing")?,
            output: output.ok_or("--output is missing")?,
            page_size,
            failed_every,
            seed,
        }))
    }
}

fn number<T: std::str::FromStr>(flag: &str, value: Option<OsString>) -> Result<T, String> {
    let text = value.unwrap_or_default();
    let digits = text.to_str().unwrap_or_default();
    digits.parse().map_err(|_| format!("{flag}: not a number: {}", text.display()))
}

/// What tells the two functions of the service apart.
struct Function {
    name: &'static str,
    jobs: &'static str,
}

const PREVIEW: Function = Function { name: "getChanges", jobs: "recoveryPreviewJobs" };
const RECOVERY: Function = Function { name: "getFailedChanges", jobs: "recoveryJobs" };

/// The pages of one function, written one after the other.
struct Pages {
    folder: PathBuf,
    /// The path of the function, behind the address of the service.
    resource: String,
    total: usize,
    page_size: usize,
    written: usize,
    path: PathBuf,
    page: BufWriter<File>,
}

impl Pages {
    /// Makes the folder and opens the first page; an export without changes has one page, too.
    fn create(options: &Options, of: &Function, job: &str, total: usize) -> Result<Self, String> {
        let folder = options.output.join(of.name);
        fs::create_dir_all(&options.output).map_err(at(&options.output))?;
        fs::create_dir(&folder).map_err(at(&folder))?;
        let (path, page) = open(&folder, 1)?;
        let resource = format!(
            "directory/recovery/snapshots/{SNAPSHOT_ID}/{}/{job}/microsoft.graph.entraRecoveryServices.{}",
            of.jobs, of.name
        );
        let page_size = options.page_size;
        let mut pages = Self { folder, resource, total, page_size, written: 0, path, page };
        pages.begin(1)?;
        Ok(pages)
    }

    fn add(&mut self, change: &Change, failure: Option<&str>) -> Result<(), String> {
        if self.written > 0 {
            if self.written.is_multiple_of(self.page_size) {
                self.end()?;
                let number = self.written / self.page_size + 1;
                (self.path, self.page) = open(&self.folder, number)?;
                self.begin(number)?;
            } else {
                self.page.write_all(b",").map_err(at(&self.path))?;
            }
        }
        self.written += 1;
        change.write(&mut self.page, failure).map_err(at(&self.path))
    }

    fn begin(&mut self, number: usize) -> Result<(), String> {
        let resource = &self.resource;
        let count = if number == 1 { format!(r#""@odata.count":{},"#, self.total) } else { String::new() };
        let link = if self.total.div_ceil(self.page_size) > number {
            format!(r#""@odata.nextLink":"{SERVICE}/{resource}?$skiptoken=RFNwdAIAAQAAACA{number:012X}","#)
        } else {
            String::new()
        };
        let context = format!(r#""@odata.context":"{SERVICE}/$metadata#{resource}","#);
        write!(self.page, r#"{{{context}{count}{link}"value":["#).map_err(at(&self.path))
    }

    fn end(&mut self) -> Result<(), String> {
        self.page.write_all(b"]}\n").and_then(|()| self.page.flush()).map_err(at(&self.path))
    }

    fn finish(mut self) -> Result<(), String> {
        self.end()
    }
}

fn open(folder: &Path, number: usize) -> Result<(PathBuf, BufWriter<File>), String> {
    let path = folder.join(format!("page-{number:05}.json"));
    let file = File::create_new(&path).map_err(at(&path))?;
    Ok((path, BufWriter::with_capacity(1 << 18, file)))
}

fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// One item of a page. `name` and the two sides are JSON text.
struct Change {
    entity: &'static str,
    action: &'static str,
    id: String,
    name: String,
    backup: String,
    current: String,
}

impl Change {
    fn failure(&self, random: &mut Random) -> String {
        let (verb, texts) = match (self.entity, self.action) {
            ("servicePrincipal", "update") => ("Update", SERVICE_PRINCIPAL_FAILURES),
            ("group", "update") => ("Update", GROUP_FAILURES),
            (_, "update") => ("Update", FAILURES),
            (_, "restore") => ("Restore", RESTORE_FAILURES),
            _ => ("Delete", FAILURES),
        };
        quoted(&format!("{verb} failed: {}", random.pick(texts).replace("{id}", &self.id)))
    }

    fn write(&self, to: &mut impl Write, failure: Option<&str>) -> io::Result<()> {
        let Self { entity, action, id, name, backup, current } = self;
        write!(to, r#"{{"entityTypeName":"{entity}","id":"{id}","displayName":{name},"#)?;
        write!(to, r#""recoveryAction":"{action}","#)?;
        if let Some(message) = failure {
            write!(to, r#""failureMessage":{message},"#)?;
        }
        write!(to, r#""deltaFromCurrent":{backup},"currentState":{current}}}"#)
    }
}

fn drawn_change(random: &mut Random) -> Change {
    let mut ticket = random.below(1000);
    for shape in SHAPES {
        if ticket < shape.share {
            return shape.draw(random);
        }
        ticket -= shape.share;
    }
    user_update(random)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The changed properties first, then equal ones; neighbours in the table, so that none comes twice.
fn user_update(random: &mut Random) -> Change {
    let changed = random.pick(&CHANGED_PROPERTIES);
    let equal = random.pick(&EQUAL_PROPERTIES);
    let first = random.below(USER_PROPERTIES.len() as u64);
    let mut name = drawn('N', random);
    let mut backup = String::from(r##"{"@odata.type":"#microsoft.graph.user""##);
    let mut current = backup.clone();
    for number in 0..changed + equal {
        let (key, text) = USER_PROPERTIES[index(first + number, USER_PROPERTIES.len())];
        let before = filled(text, &mut Vec::new(), random);
        let mut now = before.clone();
        while number < changed && now == before {
            now = filled(text, &mut Vec::new(), random);
        }
        if key == "displayName" {
            name.clone_from(&now);
        }
        for (side, value) in [(&mut backup, before), (&mut current, now)] {
            side.extend([",\"", key, "\":", &value]);
        }
    }
    if random.below(40) == 0 {
        current += r#","onPremisesSyncEnabled":true"#;
    }
    backup.push('}');
    current.push('}');
    Change { entity: "user", action: "update", id: random.guid(), name, backup, current }
}

const CHANGED_PROPERTIES: [u64; 9] = [1, 2, 2, 2, 2, 3, 3, 4, 5];
const EQUAL_PROPERTIES: [u64; 5] = [0, 0, 0, 0, 1];

/// Properties of a user, and what their values are made of: text with marks, see `drawn`.
const USER_PROPERTIES: &[(&str, &str)] = &[
    ("displayName", "$N"),
    ("jobTitle", "$J"),
    ("accountEnabled", "$B"),
    ("businessPhones", "[$P]"),
    ("city", "$C"),
    ("department", "$D"),
    ("employeeId", r#""$I""#),
    ("officeLocation", "$F"),
    ("state", "$F"),
    ("mobilePhone", "$P"),
    ("mail", r#""u$I@x.example""#),
    ("employeeOrgData", r#"{"division":$D}"#),
    ("country", "$L"),
    ("streetAddress", r#""Gate $I\nOslo""#),
    ("faxNumber", "$F"),
];

/// A change as its two sides look: text with marks, see `drawn`.
struct Shape {
    /// How many of a thousand changes have this shape.
    share: u64,
    entity: &'static str,
    action: &'static str,
    /// The properties behind `@odata.type`, or `null`.
    backup: &'static str,
    current: &'static str,
}

impl Shape {
    fn draw(&self, random: &mut Random) -> Change {
        let &Self { entity, action, backup, current, .. } = self;
        let (id, name) = match entity {
            "oAuth2PermissionGrant" => (random.key(), "null".into()),
            "appRoleAssignment" => (random.key(), drawn('N', random)),
            "user" => (random.guid(), drawn('N', random)),
            _ => (random.guid(), drawn('G', random)),
        };
        let mut known = vec![('n', name.clone())];
        let kind = if entity == "namedLocationPolicy" { "ipNamedLocation" } else { entity };
        let mut side = |text: &str| {
            if text == "null" {
                return text.into();
            }
            let properties = filled(text, &mut known, random);
            format!(r##"{{"@odata.type":"#microsoft.graph.{kind}",{properties}}}"##)
        };
        Change { entity, action, id, name, backup: side(backup), current: side(current) }
    }
}

/// The text with a value for each mark.
fn filled(text: &str, known: &mut Vec<(char, String)>, random: &mut Random) -> String {
    let mut result = String::with_capacity(2 * text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '$' {
            result.push(char);
            continue;
        }
        let mark = chars.next().unwrap_or_default();
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == mark) {
            result.push_str(value);
            continue;
        }
        let value = drawn(mark, random);
        result.push_str(&value);
        if mark.is_ascii_lowercase() {
            known.push((mark, value));
        }
    }
    result
}

/// The value of a mark, mostly as JSON text. A small letter's stays throughout a change.
fn drawn(mark: char, random: &mut Random) -> String {
    match mark {
        '+' => format!(r#"{{"id":"{}"}}"#, random.guid()),
        '-' => format!(
            r##"{{"@odata.type":"#microsoft.graph.user","id":"{}","@removed":{{"reason":"changed"}}}}"##,
            random.guid()
        ),
        'B' => random.pick(&["true", "false"]).into(),
        'C' => quoted(random.pick(CITIES)),
        'D' => quoted(random.pick(DEPARTMENTS)),
        'F' => random.pick(&["null", r#""""#, r#""A1""#, r#""B2""#]).into(),
        'G' => quoted(&format!("{} {}", random.pick(DEPARTMENTS), random.below(10_000))),
        'I' | 'i' => random.below(256).to_string(),
        'J' => quoted(random.pick(JOBS)),
        'L' => random.pick(&[r#""NO""#, r#""DE""#, r#""JP""#]).into(),
        'N' => quoted(&format!("{} {}", random.pick(GIVEN), random.pick(FAMILY))),
        'P' => format!(r#""+47 {:06}""#, random.below(1_000_000)),
        'g' => MICROSOFT_GRAPH.into(),
        't' => random.time(),
        _ => random.guid(),
    }
}

/// What their shares leave are updates of users.
#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    Shape { share: 40, entity: "group", action: "update",
        backup: r#""members@delta":[$-,$-,$+]"#,
        current: r#""mailEnabled":false"# },
    Shape { share: 30, entity: "group", action: "update",
        backup: r#""visibility":"Private","members@delta":[$-]"#,
        current: r#""visibility":"Public""# },
    Shape { share: 20, entity: "group", action: "update",
        backup: r#""description":$D,"members@delta":[$+,$+,$-,$-,$-,$-]"#,
        current: r#""description":null"# },
    Shape { share: 40, entity: "conditionalAccessPolicy", action: "update",
        backup: r#""state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeUsers":["$a"]},"locations":null},"grantControls":{"builtInControls":["mfa"]}"#,
        current: r#""state":"disabled","conditions":{"users":{"includeUsers":["All"],"excludeUsers":["$b","$a"]},"locations":null},"grantControls":{"builtInControls":["mfa"]}"# },
    Shape { share: 20, entity: "conditionalAccessPolicy", action: "update",
        backup: r#""conditions":{"users":{"includeGroups":["$a"],"excludeGroups":["$b"]},"platforms":{"includePlatforms":["all"]}},"grantControls":{"builtInControls":["block"]},"sessionControls":{"signInFrequency":{"value":$i,"type":"hours"}}"#,
        current: r#""conditions":{"users":{"includeGroups":["$a"],"excludeGroups":["$b","$c"]},"platforms":null},"grantControls":{"builtInControls":["mfa"]},"sessionControls":null"# },
    Shape { share: 20, entity: "application", action: "update",
        backup: r#""signInAudience":"AzureADMyOrg","requiredResourceAccess":[{"resourceAppId":"$g","resourceAccess":[{"id":"$a","type":"Scope"}]}]"#,
        current: r#""signInAudience":"AzureADMultipleOrgs","requiredResourceAccess":[{"resourceAppId":"$g","resourceAccess":[{"id":"$b","type":"Role"},{"id":"$a","type":"Scope"}]}]"# },
    Shape { share: 10, entity: "application", action: "update",
        backup: r#""tags":[],"requiredResourceAccess":[{"resourceAppId":"$g","resourceAccess":[{"id":"$a","type":"Role"}]}]"#,
        current: r#""tags":[$n],"requiredResourceAccess":[{"resourceAppId":"$g","resourceAccess":[{"id":"$a","type":"Scope"}]},{"resourceAppId":"$b","resourceAccess":[{"id":"$c","type":"Role"}]}]"# },
    Shape { share: 30, entity: "servicePrincipal", action: "update",
        backup: r#""appRoleAssignmentRequired":true,"servicePrincipalNames":["$a"]"#,
        current: r#""appRoleAssignmentRequired":false,"servicePrincipalNames":["$a","https://app$i.contoso.example"]"# },
    Shape { share: 10, entity: "namedLocationPolicy", action: "update",
        backup: r#""isTrusted":true,"ipRanges":[{"cidrAddress":"192.0.2.$i/32"}]"#,
        current: r#""isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"},{"cidrAddress":"192.0.2.$i/32"}]"# },
    // The early shape of a soft delete: no delta, and what there is now.
    Shape { share: 20, entity: "oAuth2PermissionGrant", action: "softDelete",
        backup: "null",
        current: r#""clientId":"$a","consentType":"AllPrincipals","principalId":null,"resourceId":"$b","scope":"Mail.Read User.Read""# },
    Shape { share: 15, entity: "appRoleAssignment", action: "softDelete",
        backup: r#""@removed":{"reason":"changed"},"appRoleId":"$a","deletedDateTime":"$t""#,
        current: r#""appRoleId":"$a","deletedDateTime":null"# },
    Shape { share: 10, entity: "user", action: "softDelete",
        backup: r#""displayName":$n,"@removed":{"reason":"changed"},"deletedDateTime":"$t""#,
        current: r#""displayName":$n,"deletedDateTime":null"# },
    Shape { share: 15, entity: "user", action: "restore",
        backup: r#""displayName":$n,"deletedDateTime":null"#,
        current: r#""displayName":$n,"deletedDateTime":"$t""# },
    Shape { share: 10, entity: "group", action: "restore",
        backup: r#""securityEnabled":true,"deletedDateTime":null"#,
        current: r#""securityEnabled":true,"deletedDateTime":"$t""# },
];

/// `SplitMix64` (Steele, Lea, Flood 2014): small, quick, and good enough to look varied.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[index(self.next(), list.len())]
    }

    fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }

    /// Grants and assignments have such ids, not GUIDs.
    fn key(&mut self) -> String {
        (0..43).map(|_| char::from(self.pick(KEY_ALPHABET))).collect()
    }

    /// A time of the day after the snapshot.
    fn time(&mut self) -> String {
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        format!("2026-07-28T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the remainder is less than a usize")]
fn index(number: u64, length: usize) -> usize {
    (number % length as u64) as usize
}

const KEY_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
#[rustfmt::skip]
const GIVEN: &[&str] = &[
    "Ana", "Bo", "Chidi", "Dana", "Emre", "Ines", "José", "Kim", "Łukasz", "Mia", "Noor", "Ole", "Priya", "Søren",
    "Yuki", "Zoë", "李",
];
#[rustfmt::skip]
const FAMILY: &[&str] = &[
    "Andersen", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Haddad", "Ivanova", "Kovač", "Müller", "Nakamura",
    "O'Brien", "Okafor", "Rossi", "\"Sonny\" Smith", "王",
];
/// Some begin as formulas do, some hold what must be escaped.
#[rustfmt::skip]
const JOBS: &[&str] = &[
    "Accountant", "Architect", "Buyer", "Controller", "Designer", "Engineer", "Head of Sales", "Nurse", "Recruiter",
    "Teacher", "Technician", "Geschäftsführerin", "部長", "=HYPERLINK(\"https://x.example\",\"x\")", "-acting-",
    "@Reception", "R&D \\ Lab",
];
#[rustfmt::skip]
const DEPARTMENTS: &[&str] = &[
    "Engineering", "Finance", "Førstelinje", "Legal", "Logistics", "Marketing", "People", "R&D <East>", "Sales",
    "Sales\\EMEA", "Support \"24/7\"", "Süd",
];
const CITIES: &[&str] = &["Bergen", "Kraków", "Lyon", "München", "Oslo", "São Paulo", "Tromsø", "大阪"];

const FAILURES: &[&str] = &[
    "Unable to update the specified properties for on-premises mastered Directory Sync objects or \
     objects currently undergoing migration.",
    "Another object with the same value for property userPrincipalName already exists.",
    "Resource '{id}' does not exist or one of its queried reference-property objects are not present.",
    "Insufficient privileges to complete the operation.",
    "TooManyRequests",
    "Directory_ConcurrencyViolation",
    "Request_BadRequest",
    "The request could not be processed.",
];
const SERVICE_PRINCIPAL_FAILURES: &[&str] = &["Service principal is managed by another service."];
const GROUP_FAILURES: &[&str] = &[
    "One or more added object references already exist for the following modified properties: 'members'.",
    "One or more removed object references do not exist for the following modified properties: 'members'.",
    "Directory_QuotaExceeded",
];
const RESTORE_FAILURES: &[&str] = &[
    "The proxy address is in use; set autoReconcileProxyConflict.",
    "Another object with the same value for property proxyAddresses already exists.",
];
