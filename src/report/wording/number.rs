//! Counts in words.

/// `1234567` as `1,234,567`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number, or a dot in the place of 0, so that a reader of a matrix sees what is there.
#[must_use]
pub fn number_or_dot(count: u64) -> String {
    if count == 0 { "·".to_owned() } else { number(count) }
}

/// `one` or `many` behind its number: `1,234 objects`.
#[must_use]
pub fn counted(count: u64, one: &'static str, many: &'static str) -> String {
    format!("{} {}", number(count), plural(count, one, many))
}

/// The names of files, to stand in a sentence: `changes.csv and changes.ndjson`.
#[must_use]
pub fn names(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `one` or `many`, as `count` wants it.
#[must_use]
pub fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!([0, 12, 123, 1234, 1_234_567].map(number), ["0", "12", "123", "1,234", "1,234,567"]);
    }
}
