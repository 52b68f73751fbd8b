//! Times as a reader sees them: in the zone that was asked for, whatever the machine's own is.

use std::fmt;

use crate::model::Instant;

/// A time zone of the IANA database, which is compiled in: the same input gives the same report everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

impl Default for TimeZone {
    fn default() -> Self {
        TimeZone(jiff::tz::TimeZone::UTC)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl TimeZone {
    /// The zone that is called `name` (`Europe/Copenhagen`), without regard to case; `None` where the
    /// database has none of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(TimeZone::default());
        }
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).ok()?;
        // The database's name for a place that is not known is no answer to the question of a reader.
        (!zone.is_unknown() && zone.iana_name() != Some("Factory")).then_some(TimeZone(zone))
    }

    /// The RFC 3339 time `text` as it is shown, `16 Nov 2026, 23:00:00 Europe/Copenhagen (UTC+01:00)`, in
    /// whole seconds; `None` where it is no such time, or one at the end of the year 9999, which stands for
    /// "never".
    #[must_use]
    pub fn shown(&self, text: &str) -> Option<String> {
        let time = jiff::Timestamp::from_second(Instant::parse(text)?.seconds).ok()?;
        let time = time.to_zoned(self.0.clone());
        let shown = time.strftime("%-d %b %Y, %H:%M:%S");
        Some(match self.0.iana_name() {
            None | Some("UTC") => format!("{shown} UTC"),
            Some(name) => format!("{shown} {name} (UTC{})", time.strftime("%:z")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_zone_that_was_asked_for() {
        let shown = |zone: &str, text: &str| TimeZone::named(zone).expect("a zone").shown(text);
        let time = "2026-11-16T22:00:00.5Z";
        assert_eq!(shown("utc", time).as_deref(), Some("16 Nov 2026, 22:00:00 UTC"));
        let there = shown("europe/copenhagen", time);
        assert_eq!(there.as_deref(), Some("16 Nov 2026, 23:00:00 Europe/Copenhagen (UTC+01:00)"));
        let summer = shown("Europe/Copenhagen", "2026-07-01T00:30:00+02:00");
        assert_eq!(summer.as_deref(), Some("1 Jul 2026, 00:30:00 Europe/Copenhagen (UTC+02:00)"));
        let half = shown("Asia/Kolkata", time);
        assert_eq!(half.as_deref(), Some("17 Nov 2026, 03:30:00 Asia/Kolkata (UTC+05:30)"));
        assert_eq!(shown("UTC", "9999-12-31T23:59:59Z"), None);
        assert_eq!(shown("UTC", "yesterday"), None);
        assert_eq!(TimeZone::named("Mars/Olympus"), None);
        assert_eq!(TimeZone::named("Etc/Unknown"), None);
        assert_eq!(TimeZone::named("Factory"), None);
    }
}
