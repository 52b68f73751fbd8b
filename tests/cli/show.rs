//! `show`: one object's changes, both directions in words.

use super::scene::{ANA, Scene, failed, planned};

const GROUP: &str = r#"{"entityTypeName":"group","id":"9531985d-5d9d-49f8-9818-e811892f902b","displayName":"Readers",
 "recoveryAction":"update","deltaFromCurrent":{"tags":["a","b"],"note":"x","password":"hunter2",
 "members@delta":[{"id":"m-1","@removed":{"reason":"changed"}},{"id":"m-2"}]},
 "currentState":{"tags":["b","c"],"note":null,"password":"hunter3","same":1}}"#;

#[test]
fn both_directions_are_told_in_words() {
    let scene = Scene::of(&[("1.json", planned(&[ANA]))]);
    scene.run(&["show", "1.json", "--id", "ANA-1"]).is(
        0,
        "\
user Ana
  id       Ana-1
  source   1.json#/value/0 (getChanges)
  backup   2026-07-27T22:00:00Z
  action   update
           modified since the backup
           recovery will set the values below back
  outcome  planned: no recovery of this snapshot is in the input

  city  modified since the backup; recovery will set it back
    - backup   \"Oslo\"
    + current  \"Bergen\"

  state  added since the backup; recovery will clear it
    - backup   null
    + current  \"Vestland\"

  2 changed, 0 equal values

",
        "",
    );
}

#[test]
fn links_collections_and_masked_secrets_are_told_in_words() {
    let scene = Scene::of(&[("1.json", planned(&[GROUP]))]);
    let ended = scene.run(&["show", "1.json", "--id", "9531985D-5d9d-49f8-9818-e811892f902b"]);
    let (_, rows) = ended.out.split_once("\n\n").expect("a head and rows");
    assert_eq!(
        rows,
        "  tags  modified since the backup; recovery will set it back
    - item removed  \"a\"
    + item added  \"c\"

  note  removed since the backup; recovery will put it back
    - backup   \"x\"
    + current  null

  password  modified since the backup; recovery will set it back
    note: a secret is masked
    - backup   \"[redacted]\"
    + current  \"[redacted]\"

  members (link)  added since the backup; recovery will remove the link
    + current  {\"id\":\"m-1\"}

  members (link)  removed since the backup; recovery will add the link back
    - backup   {\"id\":\"m-2\"}

  5 changed, 0 equal values

"
    );
    ended.tells(0, &["group Readers\n"], &[]);
    assert!(!ended.out.contains("hunter"), "{ended}");
}

#[test]
fn a_failed_change_is_shown_with_its_reason_and_each_of_several_changes_is_shown() {
    let failure = ANA.replacen('{', r#"{"failureMessage":"Insufficient privileges.","#, 1);
    let scene = Scene::of(&[("1.json", planned(&[ANA])), ("2.json", failed(&[&failure]))]);
    let ended = scene.run(&["show", ".", "--id", "ana-1"]);
    ended.tells(
        0,
        &[
            "  source   1.json#/value/0 (getChanges)\n",
            "  source   2.json#/value/0 (getFailedChanges)\n",
            "  outcome  failed\n           missing privileges: Insufficient privileges.\n",
        ],
        &[],
    );
    assert_eq!(ended.out.matches("user Ana\n").count(), 2, "{ended}");
    assert_eq!(ended.out.matches("  outcome  failed\n").count(), 2, "{ended}");
}

#[test]
fn deleted_and_created_objects_are_told_in_words() {
    let item = |action: &str| {
        format!(
            r#"{{"id":"{action}","recoveryAction":"{action}","deltaFromCurrent":{{"deletedDateTime":null}},
            "currentState":{{"deletedDateTime":"2026-07-27T22:00:00Z","onPremisesSyncEnabled":true}}}}"#
        )
    };
    let scene =
        Scene::of(&[("1.json", planned(&[&item("restore"), &item("softDelete"), &item("hardDelete")]))]);
    for (id, words) in [
        (
            "restore",
            [
                "deleted since the backup",
                "recovery will restore it",
                "added since the backup; recovery will clear it",
            ],
        ),
        (
            "softDelete",
            [
                "created or restored since the backup",
                "recovery will soft-delete it",
                "not known what happened since the backup; not known what recovery will do",
            ],
        ),
        (
            "hardDelete",
            [
                "what happened since the backup is not known",
                "recovery will “hardDelete” it, an action this version does not know",
                "deletedDateTime  added since the backup; recovery will clear it",
            ],
        ),
    ] {
        let ended = scene.run(&["show", "1.json", "--id", id]);
        ended.tells(0, &words, &[]);
        ended.tells(0, &["synchronised from on-premises: recovery leaves such objects out"], &[]);
    }
}

#[test]
fn an_unknown_id_ends_with_4() {
    let scene = Scene::of(&[("1.json", planned(&[ANA]))]);
    scene.run(&["show", "1.json", "--id", "Bo-1"]).is(
        4,
        "",
        "entra-diff: no change of this object: Bo-1: check the id, or list all with the report\n",
    );
}

#[test]
fn missing_data_beside_the_object_ends_with_3() {
    let scene = Scene::of(&[("1.json", planned(&[ANA])), ("2.json", String::new())]);
    scene.run(&["show", ".", "--id", "Ana-1"]).tells(3, &["user Ana\n"], &["2.json: emptyFile: "]);
}
