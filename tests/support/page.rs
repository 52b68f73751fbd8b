//! A page with the data of its script unpacked, so that tests look at what a reader can get to.

use std::fmt::Write as _;
use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;

/// What stands before a block of data, its class and what stands behind it.
const BLOCK: &str = "<script type=\"application/octet-stream\" class=\"";

/// The page with each block as the JSON that is packed in it, a text or a column a line, and without the text of the
/// script, which is the same in every page.
pub(crate) fn unpacked(page: &str) -> String {
    let mut parts = page.split(BLOCK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (class, rest) = part.split_once("\">").expect("a class");
        let (packed, rest) = rest.split_once("</script>").expect("an end");
        let lines = block(packed).replace("],\"", "],\n\"").replace("\",\"", "\",\n\"");
        write!(out, "{BLOCK}{class}\">\n{lines}\n</script>{rest}").expect("memory");
    }
    // The script and its hash are the same in every page of a version, and change with each word of it.
    let Some((front, script)) = out.split_once("<script>") else { return out };
    let (_, end) = script.rsplit_once("</script>").expect("an end");
    let (head, policy) = front.split_once("script-src 'sha256-").expect("the policy names the script");
    let (_, rest) = policy.split_once("';").expect("the end of a hash");
    format!("{head}script-src 'the hash of the script';{rest}<script>the script</script>{end}")
        .replace("\",\"", "\",\n\"")
}

fn block(packed: &str) -> String {
    let bytes = BASE64_STANDARD.decode(packed).expect("base64");
    let mut json = String::new();
    GzDecoder::new(&bytes[..]).read_to_string(&mut json).expect("gzip");
    json
}
