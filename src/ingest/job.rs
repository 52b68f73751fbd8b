//! A saved object → the preview or recovery job it is, and what that was narrowed to (docs/service.md).

use crate::model::{EntityType, Job, JobFilter, JobKind, JobStatus, Json, Object};

use super::{members, url};

/// The name in the object's `@odata.type`, in lower case.
pub(super) fn type_name(object: &Object<'_>) -> String {
    object.control("type").and_then(Json::as_str).unwrap_or_default().to_ascii_lowercase()
}

/// Which kind of job the object is, if it is one.
pub(super) fn kind(object: &Object<'_>, context: &str) -> JobKind {
    let name = type_name(object);
    let context = context.to_ascii_lowercase();
    if name.ends_with("recoverypreviewjob") || context.contains("/recoverypreviewjobs") {
        JobKind::Preview
    } else if name.ends_with("recoveryjob")
        || context.contains("/recoveryjobs")
        || object.get_any_case("totalFailedChanges").is_some()
        || object.get_any_case("totalObjectsModified").is_some()
    {
        JobKind::Recovery
    } else {
        JobKind::Unknown
    }
}

/// The text of a member, `None` where it is missing or null.
pub(super) fn text(object: &Object<'_>, key: &str) -> Option<String> {
    object.get_any_case(key).filter(|value| !value.is_null()).map(|value| value.to_text().into_owned())
}

/// A member that is a count.
pub(super) fn count(object: &Object<'_>, key: &str) -> Option<u64> {
    object.get_any_case(key).and_then(|value| value.to_text().parse().ok())
}

/// The job, its source left empty.
pub(super) fn job(object: &Object<'_>, context: &str, kind: JobKind) -> Job {
    let text = |key: &str| text(object, key);
    let count = |key: &str| count(object, key);
    Job {
        source: String::new(),
        kind,
        id: text("id"),
        status: text("status").map(|word| JobStatus(status_word(&word).to_owned())),
        snapshot_date_time: url::snapshot_id(context).as_deref().and_then(url::snapshot_date_time),
        snapshot_id: url::snapshot_id(context),
        target_state_date_time: text("targetStateDateTime"),
        job_start_date_time: text("jobStartDateTime"),
        job_completion_date_time: text("jobCompletionDateTime"),
        filtering_criteria: text("filteringCriteria"),
        filter: object.get_any_case("filteringCriteria").map_or(JobFilter::Everything, filter),
        total_changed_objects_calculated: count("totalChangedObjectsCalculated"),
        total_changed_links_calculated: count("totalChangedLinksCalculated"),
        total_objects_modified: count("totalObjectsModified"),
        total_links_modified: count("totalLinksModified"),
        total_failed_changes: count("totalFailedChanges"),
    }
}

/// The word of a status that an SDK saved as its number (docs/service.md, `recoveryStatus`).
fn status_word(word: &str) -> &str {
    match word {
        "0" => "initialized",
        "1" => "running",
        "2" => "successful",
        "3" => "failed",
        "4" => "abandoned",
        "5" => "unknownFutureValue",
        "6" => "calculating",
        "7" => "loadingData",
        word => word,
    }
}

/// More types than a filter can name are no filter of the service's.
const MOST_TYPES: usize = 32;

/// What a job was narrowed to. Only the two published shapes are understood, and nothing beside them: half an
/// understanding would claim a filter to be wider or narrower than it is.
fn filter(criteria: &Json<'_>) -> JobFilter {
    let object = match criteria {
        Json::Null => return JobFilter::Everything,
        Json::Object(object) => object,
        _ => return JobFilter::NotUnderstood,
    };
    let mut members = Vec::new();
    for (key, value) in object.iter().filter(|(_, value)| !value.is_null()) {
        match (members::is_bag(key), value) {
            (false, _) => members.push((key, value)),
            (true, Json::Object(bag)) => members.extend(bag.iter().filter(|(_, value)| !value.is_null())),
            (true, _) => return JobFilter::NotUnderstood,
        }
    }
    let (mut types, mut values) = (None, None);
    for (key, value) in members.iter().filter(|(key, _)| !key.contains('@')) {
        let place = match key.to_ascii_lowercase().as_str() {
            "entitytypes" => &mut types,
            "filtervalues" => &mut values,
            _ => return JobFilter::NotUnderstood,
        };
        if place.replace(*value).is_some() {
            return JobFilter::NotUnderstood;
        }
    }
    let understood = match (types, values) {
        // SDKs write an object without members where the service sent null.
        (None, None) if members.is_empty() => Some(JobFilter::Everything),
        (Some(types), None) => entity_types(types).map(JobFilter::Types),
        (None, Some(values)) => entity_ids(values).map(JobFilter::Ids),
        (None, None) | (Some(_), Some(_)) => None,
    };
    understood.unwrap_or(JobFilter::NotUnderstood)
}

/// The elements of an array that has some, and not too many.
fn elements<'j, 'a>(value: &'j Json<'a>) -> Option<&'j [Json<'a>]> {
    value.as_array().filter(|elements| (1..=MOST_TYPES).contains(&elements.len()))
}

fn entity_type(value: &Json<'_>) -> Option<EntityType> {
    match value {
        Json::String(word) => Some(EntityType::of_filter(word)),
        Json::Number(number) => Some(EntityType::of_filter(number)),
        _ => None,
    }
}

fn entity_types(value: &Json<'_>) -> Option<Vec<EntityType>> {
    let mut types = Vec::new();
    for element in elements(value)? {
        let found = entity_type(element)?;
        if !types.contains(&found) {
            types.push(found);
        }
    }
    Some(types)
}

fn entity_ids(value: &Json<'_>) -> Option<Vec<(EntityType, u64)>> {
    let of_type = |element: &Json<'_>| {
        let element = element.as_object()?;
        let is_known = |key: &str| {
            key.contains('@') || ["entityType", "entityIds"].iter().any(|name| key.eq_ignore_ascii_case(name))
        };
        if element.iter().any(|(key, value)| !is_known(key) && !is_nothing(value)) {
            return None;
        }
        let ids = element.get_any_case("entityIds")?.as_array()?;
        let are_ids = !ids.is_empty() && ids.iter().all(|id| id.as_str().is_some());
        are_ids.then_some((entity_type(element.get_any_case("entityType")?)?, ids.len() as u64))
    };
    elements(value)?.iter().map(of_type).collect()
}

/// Null, or an object without members: what SDKs write where there is nothing.
fn is_nothing(value: &Json<'_>) -> bool {
    value.is_null() || value.as_object().is_some_and(|object| object.iter().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter_of(text: &str) -> JobFilter {
        filter(&super::super::reader::read(text).expect("JSON").value)
    }

    #[test]
    fn the_published_filters_are_understood_as_sdks_write_them() {
        for text in [
            r##"{"@odata.type":"#microsoft.graph.entraRecoveryServices.recoveryJobEntityNamesFilter","entityTypes":["user","group"]}"##,
            r#"{"EntityTypes":["User","Group","User"],"AdditionalProperties":{}}"#,
            r#"{"AdditionalProperties":{"@odata.type":"x","entityTypes":[0,1]}}"#,
        ] {
            assert_eq!(
                filter_of(text),
                JobFilter::Types(vec![EntityType::User, EntityType::Group]),
                "{text}"
            );
        }
        for text in [
            r#"{"filterValues":[{"entityType":"user","entityIds":["a","b"]},{"entityType":"group","entityIds":["c"]}]}"#,
            r#"{"FilterValues":[{"EntityType":0,"EntityIds":["a","b"],"AdditionalProperties":{}},{"EntityType":"Group","EntityIds":["c"]}]}"#,
        ] {
            let ids = vec![(EntityType::User, 2), (EntityType::Group, 1)];
            assert_eq!(filter_of(text), JobFilter::Ids(ids), "{text}");
        }
    }

    #[test]
    fn no_filter_is_everything() {
        for text in ["null", "{}", r#"{"AdditionalProperties":{}}"#, r#"{"entityTypes":null}"#] {
            assert_eq!(filter_of(text), JobFilter::Everything, "{text}");
        }
    }

    #[test]
    fn a_filter_of_another_shape_is_never_half_understood() {
        let many = format!(r#"{{"entityTypes":[{}"x"]}}"#, r#""y","#.repeat(40));
        for text in [
            r#""@{entityTypes=System.Object[]}""#,
            r#"{"@odata.type":"x"}"#,
            r#"{"entityTypes":[]}"#,
            r#"{"entityTypes":"user"}"#,
            r#"{"entityTypes":[{}]}"#,
            r#"{"entityTypes":["user"],"since":"2026-01-01"}"#,
            r#"{"entityTypes":["user"],"filterValues":[{"entityType":"user","entityIds":["a"]}]}"#,
            r#"{"entityTypes":["user"],"AdditionalProperties":{"entityTypes":["group"]}}"#,
            r#"{"entityTypes":["user"],"AdditionalProperties":{"since":1}}"#,
            r#"{"AdditionalProperties":"System.Collections.Hashtable"}"#,
            r#"{"filterValues":[{"entityType":"user"}]}"#,
            r#"{"filterValues":[{"entityType":"user","entityIds":[]}]}"#,
            r#"{"filterValues":[{"entityType":"user","entityIds":["a"],"not":true}]}"#,
            r#"{"filterValues":["System.Collections.Hashtable"]}"#,
            many.as_str(),
            "7",
        ] {
            assert_eq!(filter_of(text), JobFilter::NotUnderstood, "{text}");
        }
    }
}
