//! Lines 72, 85 to 87, and 92 to 94 of the matrix: names, links and archives.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::super::scene::{ANA, Scene, failed, planned};
use super::{Case, Told, ZOE, assert_cases, beside, packed};

/// These entries as a zip file.
pub(super) fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).expect("memory");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

/// Every place in which `part` stands.
fn places(bytes: &[u8], part: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(part)).collect()
}

/// A zip whose entries are said to be encrypted, in front of each and in the list of them.
fn encrypted(mut zip: Vec<u8>) -> Vec<u8> {
    for (mark, flag) in [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)] {
        for place in places(&zip, mark) {
            zip[place + flag] |= 1;
        }
    }
    zip
}

/// A zip with a byte of what was packed turned over.
fn turned(mut zip: Vec<u8>) -> Vec<u8> {
    for (mark, sum) in [(&b"PK\x03\x04"[..], 14), (b"PK\x01\x02", 16)] {
        for place in places(&zip, mark) {
            zip[place + sum] ^= 0xff;
        }
    }
    zip
}

const COPY_AGAIN: &str = "copy the archive again from where it was made, or unpack it and give the folder";
const UNPACK: &str = "unpack it, and give the folder with what was in it";

fn archive(line: u32, file: &'static str, bytes: Vec<u8>) -> Case {
    Case { line, what: file, file, bytes, code: 0, err: String::new(), problems: &[], ids: &["Zoe-1"] }
}

/// Line 92: the name of an entry is a label, whatever is in it.
#[test]
fn names_of_entries_are_labels_and_nothing_is_written_by_them() {
    let page = failed(&[ZOE]);
    for (name, label) in [
        ("../../x.json", "../../x.json"),
        ("../in/good.json", "../in/good.json"),
        ("/etc/entra-diff/x.json", "/etc/entra-diff/x.json"),
        (r"C:\x.json", "C:/x.json"),
        (r"..\..\x.json", "../../x.json"),
        ("a\u{1b}[2J\n.json", "a\u{1b}[2J\n.json"),
        ("-rf.json", "-rf.json"),
        ("CON.json", "CON.json"),
    ] {
        let told = beside(&[("pages.zip", zip_of(&[(name, page.as_bytes())]))]);
        told.keeps_ana(name);
        assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{name}: {}", told.ended);
        assert_eq!(told.change("Zoe-1")["source"], format!("pages.zip!{label}#/value/0"));
        assert_eq!(told.scene.names("."), ["in", "out"], "{name}");
        assert_eq!(told.scene.names("in"), ["good.json", "pages.zip"], "{name}");
        assert!(!told.ended.out.contains('\u{1b}'), "{}", told.ended);
    }
}

#[test]
fn entries_that_cannot_be_used_are_told_and_the_others_are_read() {
    let (page, other) = (failed(&[ZOE]), failed(&[&ZOE.replace("Zoe", "Yan")]));
    // The writer refuses a name that is there; so the second one gets it afterwards.
    let mut same = zip_of(&[("1.json", page.as_bytes()), ("2.json", other.as_bytes())]);
    for place in places(&same, b"2.json") {
        same[place] = b'1';
    }
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("link.json", "../good.json", SimpleFileOptions::default()).expect("memory");
    link.start_file("1.json", SimpleFileOptions::default()).expect("memory");
    link.write_all(page.as_bytes()).expect("memory");
    let link = link.finish().expect("memory").into_inner();
    let mut large = zip::ZipWriter::new(Cursor::new(Vec::new()));
    large.start_file("1.json", SimpleFileOptions::default().large_file(true)).expect("memory");
    large.write_all(page.as_bytes()).expect("memory");
    let large = large.finish().expect("memory").into_inner();
    let one = zip_of(&[("1.json", page.as_bytes())]);
    assert_cases(vec![
        Case {
            code: 3,
            err: format!("x.zip!1.json: unreadableFile: this entry of the archive is encrypted: {UNPACK}\n"),
            problems: &["unreadableFile x.zip!1.json"],
            ids: &[],
            ..archive(92, "x.zip", encrypted(one.clone()))
        },
        Case {
            code: 3,
            err: format!(
                "same.zip: unreadableFile: entries of the archive have the same name, and only the last of them can be \
                 read: {COPY_AGAIN}\n"
            ),
            problems: &["unreadableFile same.zip"],
            ids: &["Yan-1"],
            ..archive(92, "same.zip", same)
        },
        archive(92, "link.zip", link),
        archive(92, "zip64.zip", large),
        Case {
            code: 3,
            err: format!(
                "sum.zip!1.json: unreadableFile: the archive cannot be unpacked: Invalid checksum: {COPY_AGAIN}\n"
            ),
            problems: &["unreadableFile sum.zip!1.json"],
            ids: &[],
            ..archive(94, "sum.zip", turned(one.clone()))
        },
    ]);
}

/// Line 94: of an archive whose list of entries is lost, or says less than there is, all entries are read.
#[test]
fn archives_whose_list_cannot_be_believed_are_told_and_read() {
    let page = failed(&[ZOE]);
    let one = zip_of(&[("1.json", page.as_bytes())]);
    // The page is the second of two entries, and the record at the end speaks of one.
    let mut lie = zip_of(&[("notes.txt", b"notes"), ("1.json", page.as_bytes())]);
    let record = lie.len() - 22;
    (lie[record + 8], lie[record + 10]) = (1, 1);
    assert_cases(vec![
        Case {
            code: 3,
            err: format!(
                "cut.zip: unreadableFile: the archive cannot be unpacked: invalid Zip archive: Could not find EOCD: \
                 {COPY_AGAIN}\n"
            ),
            problems: &["unreadableFile cut.zip"],
            ..archive(94, "cut.zip", one[..one.len() - 30].to_vec())
        },
        Case {
            code: 3,
            err: format!(
                "lie.zip: unreadableFile: the archive cannot be unpacked: its list has more entries than it says: \
                 {COPY_AGAIN}\n"
            ),
            problems: &["unreadableFile lie.zip"],
            ..archive(94, "lie.zip", lie)
        },
    ]);
}

/// Line 93: an archive in an archive is not opened, however many there are.
#[test]
fn archives_in_archives_are_not_opened() {
    let page = failed(&[ZOE]);
    let mut five = zip_of(&[("1.json", page.as_bytes())]);
    for _ in 0..4 {
        five = zip_of(&[("in.zip", &five)]);
    }
    let nested = |file: &'static str, place: &str, problems, bytes| Case {
        code: 3,
        err: format!("{place}: unreadableFile: an archive in an archive is not opened: {UNPACK}\n"),
        problems,
        ids: &[],
        ..archive(93, file, bytes)
    };
    let twice = packed(&packed(page.as_bytes()));
    let both = packed(&zip_of(&[("1.json", page.as_bytes())]));
    let inside = zip_of(&[("1.json.gz", &packed(page.as_bytes()))]);
    assert_cases(vec![
        nested("five.zip", "five.zip!in.zip", &["unreadableFile five.zip!in.zip"], five),
        nested("twice.json.gz", "twice.json.gz", &["unreadableFile twice.json.gz"], twice),
        nested("both.json.gz", "both.json.gz", &["unreadableFile both.json.gz"], both),
        nested("gz.zip", "gz.zip!1.json.gz", &["unreadableFile gz.zip!1.json.gz"], inside),
    ]);
}

/// Line 94: a gzip file of several members is one text; what is damaged is told, and what came out of it is used.
#[test]
fn damaged_gzip_files_are_told_and_whole_ones_are_read_to_the_last_member() {
    let page = failed(&[ZOE]);
    let whole = packed(page.as_bytes());
    let members: Vec<u8> = page.as_bytes().chunks(40).flat_map(packed).collect();
    let mut sum = whole.clone();
    let place = sum.len() - 6;
    sum[place] ^= 0xff;
    let mut length = whole.clone();
    *length.last_mut().expect("a trailer") ^= 0xff;
    let damaged = |file, problems, bytes| Case {
        code: 3,
        err: format!(
            "{file}: unreadableFile: the archive cannot be unpacked: corrupt gzip stream does not have a matching \
             checksum: {COPY_AGAIN}\n"
        ),
        problems,
        ..archive(94, file, bytes)
    };
    let end = "unreadableFile: the archive ends in the middle";
    assert_cases(vec![
        archive(94, "two.json.gz", members),
        damaged("sum.json.gz", &["unreadableFile sum.json.gz"], sum),
        damaged("length.json.gz", &["unreadableFile length.json.gz"], length),
        Case {
            // All of the page came out; but nobody can say that it was all.
            code: 3,
            err: format!("trailer.json.gz: {end}: {COPY_AGAIN}\n"),
            problems: &["unreadableFile trailer.json.gz"],
            ..archive(94, "trailer.json.gz", whole[..whole.len() - 8].to_vec())
        },
        Case {
            code: 3,
            err: format!("head.json.gz: {end}: {COPY_AGAIN}\n"),
            problems: &["unreadableFile head.json.gz"],
            ids: &[],
            ..archive(94, "head.json.gz", whole[..8].to_vec())
        },
    ]);
    let told = beside(&[("cut.json.gz", &whole[..whole.len() / 2])]);
    told.keeps_ana("line 94");
    assert_eq!(told.ended.code, Some(3), "{}", told.ended);
    assert!(told.problems().contains(&"unreadableFile cut.json.gz".to_owned()), "{}", told.ended);
}

/// Line 72: names of files that a shell, a terminal or a list of checksums could take for something else.
#[cfg(unix)]
#[test]
fn names_of_files_are_shown_tamely_and_listed_exactly() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let long = format!("{}.json", "n".repeat(250));
    let names: [(&[u8], &str, &str); 6] = [
        (b"a\nb.json", "a\nb.json", "a%0Ab.json"),
        (b"\x1b]0;pwn\x07.json", "\u{1b}]0;pwn\u{7}.json", "%1B]0;pwn%07.json"),
        (b"Zo\xeb.json", r"Zo\xeb.json", "Zo%EB.json"),
        (b"-rf.json", "-rf.json", "-rf.json"),
        (b"back\\slash.json", "back\\slash.json", "back%5Cslash.json"),
        (long.as_bytes(), &long, &long),
    ];
    for (name, label, listed) in names {
        let scene = Scene::of(&[("in/good.json", planned(&[ANA]))]);
        let path = scene.path("in").join(OsStr::from_bytes(name));
        std::fs::write(&path, failed(&[ZOE])).expect("a file of any name");
        let told = Told::of(scene);
        told.keeps_ana(label);
        assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{label}: {}", told.ended);
        assert_eq!(told.change("Zoe-1")["source"], format!("{label}#/value/0"));
        assert!(!told.ended.out.contains(['\u{1b}', '\u{7}']), "{}", told.ended);
        let list = told.scene.read("out/INPUTS.sha256");
        assert!(list.lines().any(|line| line.ends_with(&format!("  {listed}"))), "{listed}: {list}");
        assert!(
            told.scene.json("out/manifest.json")["inputs"].to_string().contains(&listed[1..]),
            "{listed}"
        );
        let checked = told.scene.run(&["verify", "out", "--inputs", "in"]);
        assert_eq!(checked.code, Some(0), "{checked}");
        // Given by its name, in its folder.
        let mut command = told.scene.command(&["report", "-o", "-", "-f", "csv", "-q", "--"]);
        command.arg(OsStr::from_bytes(name)).current_dir(told.scene.path("in"));
        told.scene.finish(command).tells(0, &["Zoe-1"], &[]);
    }
}

/// Lines 85 to 87: what is no file is never waited for, followed or taken for one, in a folder and by its name.
#[cfg(unix)]
#[test]
fn what_is_no_readable_file_is_told() {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let scene = Scene::of(&[("in/good.json", planned(&[ANA])), ("elsewhere/2.json", failed(&[ZOE]))]);
    let made = std::process::Command::new("mkfifo").arg(scene.path("in/pipe.json")).status();
    assert!(made.expect("mkfifo").success());
    let _socket = std::os::unix::net::UnixListener::bind(scene.path("in/socket.json")).expect("a socket");
    fs::create_dir(scene.path("in/folder.json")).expect("a folder");
    scene.write("in/locked.json", failed(&[]));
    fs::set_permissions(scene.path("in/locked.json"), fs::Permissions::from_mode(0o000)).expect("a mode");
    let is_root = fs::read(scene.path("in/locked.json")).is_ok();
    for (to, at) in
        [("../elsewhere", "other"), (".", "again"), ("loop.json", "loop.json"), ("/dev/zero", "zero.json")]
    {
        symlink(to, scene.path(&format!("in/{at}"))).expect("a link");
    }
    let told = Told::of(scene);
    told.keeps_ana("lines 85 to 87");
    assert_eq!(told.ended.code, Some(3), "{}", told.ended);
    let mut problems = vec!["loop.json", "pipe.json", "socket.json", "zero.json"];
    if !is_root {
        problems.insert(0, "locked.json");
        problems.sort_unstable();
    }
    let problems: Vec<String> = problems.iter().map(|file| format!("unreadableFile {file}")).collect();
    assert_eq!(told.problems(), problems, "{}", told.ended);
    // Of one kind the terminal tells three, the summary all.
    for file in ["pipe.json", "socket.json"] {
        let line = format!(
            "{file}: unreadableFile: the file cannot be read: not a regular file: check the path and the file's \
             permissions\n"
        );
        assert!(told.ended.err.contains(&line), "{}", told.ended);
    }
    assert_eq!(told.passed_over(), ["again", "other"]);
    let ids = told.ids();
    assert!(!ids.contains(&"Zoe-1"), "a link to a folder is not followed");
    for path in ["in/pipe.json", "in/socket.json", "/dev/zero"] {
        let alone = told.scene.run(&["report", path, "-o", "-", "-f", "csv", "-q"]);
        alone.tells(4, &[], &["unreadableFile: the file cannot be read: not a regular file"]);
        let both = told.scene.run(&["report", path, "in/good.json", "-o", "-", "-f", "csv", "-q"]);
        both.tells(3, &["Ana-1"], &["unreadableFile: the file cannot be read: not a regular file"]);
    }
}

/// An archive without entries has nothing to be named by but itself.
#[test]
fn an_archive_without_entries_is_named() {
    let scene = Scene::of(&[("in/good.json", planned(&[ANA]).into_bytes()), ("in/empty.zip", zip_of(&[]))]);
    let ended = scene.run(&["report", "in", "-o", "out", "-f", "json"]);
    ended.tells(0, &["1 object", "Passed over: 1 file"], &[]);
    assert_eq!(scene.json("out/summary.json")["passedOver"][0]["source"], "empty.zip");
}

/// What systems leave beside an archive has its name behind a dot, and is no archive.
#[test]
fn what_a_system_leaves_beside_an_archive_is_no_broken_archive() {
    let scene = Scene::of(&[
        ("in/good.json", planned(&[ANA]).into_bytes()),
        ("in/._pages.zip", b"\0\x05\x16\x07\0\x02\0\0Mac OS X".to_vec()),
        ("in/.cache/x.gz", b"none".to_vec()),
    ]);
    scene.run(&["report", "in", "-o", "out", "-f", "json"]).tells(0, &["1 object"], &[]);
}
