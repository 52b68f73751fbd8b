#!/usr/bin/env python3
"""Writes changes.csv from saved getChanges and getFailedChanges pages, with orjson.

    python3 orjson_csv.py DIR OUT.csv

What an administrator who knows Python well would write for the job, kept here so that the program's
time can be compared with something. It gives the program's changes.csv for undamaged exports:
nested values leaf by leaf, arrays as multisets or by key, links, missing sides, the outcome of failed
changes, groups in order. It leaves out what such a script would leave out: secrets, evidence that
PowerShell lost or reshaped, numbers that no double holds, repeated items, pages and ids, other forms
than pages, wrong encodings, damaged JSON. Pages of failed changes must lie in a folder whose path
names getFailedChanges, since they are read first.
"""

import base64
import csv
import io
import os
import re
import sys
from datetime import datetime, timezone
from urllib.parse import unquote

import orjson

COLUMNS = (
    "function,recoveryAction,entityTypeName,id,displayName,kind,property,sinceBackup,recoveryWill,"
    "backupValue,currentValue,itemsAdded,itemsRemoved,outcome,failureMessage,failureCategory,note,"
    "snapshotDateTime,jobId,source,backupType,currentType"
).split(",")

FUNCTIONS = ["getChanges", "getFailedChanges", "unknown"]
ACTIONS = ["update", "softDelete", "restore", None]
ENTITY_TYPES = [
    "user", "group", "conditionalAccessPolicy", "namedLocationPolicy", "authenticationMethodPolicy",
    "authorizationPolicy", "authenticationStrengthPolicy", "application", "servicePrincipal",
    "oAuth2PermissionGrant", "appRoleAssignment", "organization",
]
OBJECT_SINCE = {"update": "modified", "restore": "deleted", "softDelete": "createdOrRestored"}
RECOVERY_WILL = {"added": "remove", "removed": "add", "modified": "revert", "unknown": "unknown"}
CATEGORIES = [
    ("managedElsewhere", ["managed by another service"]),
    ("onPremisesSynced", ["on-premises mastered", "synchronized from on-premises", "directory sync"]),
    ("duplicateValue", ["another object with the same value", "objectconflict", "conflictingobjects",
                        "propertyconflict", "multipleobjectswithsamekeyvalue"]),
    ("restoreConflict", ["autoreconcileproxyconflict"]),
    ("missingDependency", ["without backing application"]),
    ("linkExists", ["added object references already exist"]),
    ("linkMissing", ["removed object references do not exist"]),
    ("lastOwner", ["at least one owner"]),
    ("notFound", ["does not exist", "resourcenotfound"]),
    ("quota", ["quota"]),
    ("permission", ["insufficient privileges", "authorization_requestdenied"]),
    ("throttled", ["toomanyrequests", "throttled"]),
    ("transient", ["concurrencyviolation", "internalservererror"]),
    ("badRequest", ["request_badrequest"]),
]
TYPE_NAMES = {
    type(None): "null", str: "string", bool: "boolean", int: "number", float: "number",
    dict: "object", list: "array",
}
TYPE_ALIASES = {
    "namedLocation": "namedLocationPolicy",
    "ipNamedLocation": "namedLocationPolicy",
    "countryNamedLocation": "namedLocationPolicy",
    "authenticationMethodsPolicy": "authenticationMethodPolicy",
}

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.A)
FORMULA = re.compile(r"'*(?:[\t\r\n\0]|[\0\s\ufeff\u200b-\u200d\u2060]*[=+\-@|%＝＋－＠])")
ODD_KEY = re.compile(r'[.\[\]"]')
SNAPSHOT = re.compile(r"/snapshots(?:/|\(')([^$/?#'][^/?#']*)", re.I)
JOB = re.compile(r"/recovery(?:Preview)?Jobs(?:/|\(')([^$/?#'][^/?#']*)", re.I)

MISSING = object()
NOTHING = {}


class Link(dict):
    """The target of a link: its value in a cell is its id."""


TYPE_NAMES[Link] = "link"


def is_empty(value):
    return value is None or value is MISSING or value == []


def equal(a, b):
    """Equal as Graph means it: see is_empty, and same_text for strings."""
    if type(a) is str and type(b) is str:
        return a == b or same_text(a, b)
    if a is True or a is False or b is True or b is False:
        return a is b
    if type(a) is dict and type(b) is dict:
        return equal_objects(a, b)
    if type(a) is list and type(b) is list:
        return len(a) == len(b) and not subtract(a, b)
    if is_empty(a) or is_empty(b):
        return is_empty(a) and is_empty(b)
    return a == b


def same_text(a, b):
    """GUIDs in another case, or the same instant written otherwise."""
    if len(a) == 36 == len(b):
        return folded(a) == folded(b)
    if a[4:5] == "-" and TIMESTAMP.fullmatch(a) and TIMESTAMP.fullmatch(b):
        return instant(a) == instant(b)
    return False


def folded(text):
    """Text by which GUIDs are the same in any case, and all else exactly."""
    return text.lower() if len(text) == 36 and GUID.fullmatch(text) else text


def instant(text):
    seconds, _, rest = text.upper().partition(".")
    digits = re.match(r"\d*", rest, re.A).group()
    zone = rest[len(digits):]
    try:
        return datetime.fromisoformat(seconds + zone), digits.rstrip("0")
    except ValueError:
        return text


def equal_objects(a, b):
    for key in a.keys() | b.keys():
        if "@" not in key and not equal(a.get(key), b.get(key)):
            return False
    return True


def subtract(left, right):
    """What left has more than right, as multisets."""
    rest = list(right)
    more = []
    for item in left:
        for index, other in enumerate(rest):
            if equal(item, other):
                del rest[index]
                break
        else:
            more.append(item)
    return more


def joined(path, key):
    if not key or ODD_KEY.search(key):
        return f"{path}[{orjson.dumps(key).decode()}]"
    return f"{path}.{key}" if path else key


def label(value):
    return orjson.dumps(value).decode() if not value or ODD_KEY.search(value) else value


class Walk:
    """Collects the rows of one change: kind, property, since, backup, current, added, removed, note."""

    def __init__(self, action):
        self.action = action
        self.rows = []

    def add(self, path, since, backup, current, added=None, removed=None, note=""):
        if path == "deletedDateTime" and self.action in ("softDelete", "restore"):
            note = note or "lifecycle"
            if self.action == "softDelete":
                since, added, removed = "unknown", None, None
        self.rows.append(("property", path, since, backup, current, added, removed, note))

    def change(self, delta, state):
        if delta is None:
            if self.action == "softDelete" and state is not None:
                self.objects("", NOTHING, state, links=False)
        elif state is None and self.action != "restore":
            self.without_state("", delta)
        else:
            self.objects("", delta, state or NOTHING)
        return self.rows

    def objects(self, path, backup, current, links=True):
        for key, value in backup.items():
            if "@" not in key:
                self.value(joined(path, key), value, current.get(key, MISSING))
            elif links:
                self.link_collection(path, key, value)
        if path or not links:
            for key, value in current.items():
                if "@" in key or key in backup:
                    continue
                if backup is NOTHING:
                    self.value(joined(path, key), MISSING, value)
                elif not is_empty(value):
                    self.add(joined(path, key), "unknown", MISSING, value, note="notInDelta")

    def value(self, path, backup, current):
        backup_type, current_type = type(backup), type(current)
        if backup_type is dict and (current_type is dict or is_empty(current)):
            self.objects(path, backup, current if current_type is dict else NOTHING)
        elif current_type is dict and is_empty(backup):
            self.objects(path, NOTHING, current)
        elif backup_type is list and (current_type is list or is_empty(current)):
            self.arrays(path, backup, current)
        elif current_type is list and is_empty(backup):
            self.arrays(path, backup, current)
        elif not equal(backup, current):
            self.add(path, since_backup(backup, current), backup, current)

    def arrays(self, path, backup, current):
        old = backup if type(backup) is list else []
        new = current if type(current) is list else []
        key = pairing_key(old, new)
        if key:
            self.keyed(path, key, old, new)
            return
        added, removed = subtract(new, old), subtract(old, new)
        if added or removed:
            self.add(path, since_backup(backup, current), backup, current, added, removed)

    def keyed(self, path, key, old, new):
        rest = {folded(element[key]): element for element in new}
        for element in old:
            other = rest.pop(folded(element[key]), None)
            element_path = f"{path}[{key}={label(element[key])}]"
            if other is None:
                self.add(element_path, "removed", element, MISSING)
            else:
                self.objects(element_path, element, other)
        for element in rest.values():
            self.add(f"{path}[{key}={label(element[key])}]", "added", MISSING, element)

    def link_collection(self, path, key, links):
        name, _, suffix = key.partition("@")
        if not name or suffix not in ("delta", "odata.delta") or links is None:
            return
        path = joined(path, name)
        for element in [links] if type(links) is dict else links:
            target = link_target(element)
            removed = element.get("@removed") if type(element) is dict else None
            if removed is None:
                self.rows.append(("link", path, "removed", target, MISSING, None, None, ""))
            else:
                note = "targetDeleted" if removed.get("reason") == "deleted" else ""
                self.rows.append(("link", path, "added", MISSING, target, None, None, note))

    def without_state(self, path, delta):
        for key, value in delta.items():
            if "@" in key:
                self.link_collection(path, key, value)
            elif type(value) is dict:
                self.without_state(joined(path, key), value)
            else:
                self.add(joined(path, key), "unknown", value, MISSING, note="currentStateMissing")


def since_backup(backup, current):
    if is_empty(current):
        return "removed"
    return "added" if is_empty(backup) else "modified"


def pairing_key(old, new):
    """The property that pairs the elements of two arrays of objects, if there is one."""
    for element in old:
        if type(element) is not dict:
            return None
    for element in new:
        if type(element) is not dict:
            return None
    for key in ("id", "keyId", "resourceAppId"):
        if unique(key, old) and unique(key, new):
            return key
    return None


def unique(key, elements):
    names = {folded(element[key]) for element in elements if type(element.get(key)) is str}
    return len(names) == len(elements)


def link_target(element):
    if type(element) is str:
        return Link(id=element)
    identity = element.get("id")
    if type(identity) is not str:
        address = element.get("@odata.id") or element.get("@id") or ""
        address = re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2]
        quoted = re.search(r"\('(.*)'\)", address)
        identity = unquote(quoted.group(1) if quoted else address)
    return Link(id=identity)


def cell(value):
    if type(value) is str:
        return value
    if value is None or value is MISSING:
        return ""
    if type(value) is Link:
        return value["id"]
    return orjson.dumps(value).decode()


def safe(text):
    """A cell that no spreadsheet takes for a formula."""
    if text and not text[0].isalnum() and FORMULA.match(text):
        text = "'" + text
    return text.replace("\0", "␀") if "\0" in text else text


def failure_category(message):
    if message is None:
        return ""
    text = cell(message).lower()
    for category, parts in CATEGORIES:
        if any(part in text for part in parts):
            return category
    return "other"


class Page:
    """One file: its items, and what its addresses say about it."""

    def __init__(self, root, name):
        with open(os.path.join(root, name), "rb") as file:
            document = orjson.loads(file.read().removeprefix(b"\xef\xbb\xbf"))
        self.name = name
        self.items = document["value"]
        self.next_link = document.get("@odata.nextLink") or document.get("@nextLink")
        self.count = document.get("@odata.count", document.get("@count"))
        context = document.get("@odata.context") or document.get("@context") or ""
        addresses = f"{context} {self.next_link or ''}"
        snapshot, job = SNAPSHOT.search(addresses), JOB.search(addresses)
        self.snapshot = unquote(snapshot.group(1)).rstrip(".") if snapshot else None
        self.job = unquote(job.group(1)) if job else ""
        self.function = function_of(addresses.lower(), self.items, name)
        self.snapshot_time = snapshot_time(self.snapshot)


def function_of(addresses, items, name):
    if "getfailedchanges" in addresses or "/recoveryjobs/" in addresses:
        return "getFailedChanges"
    if "getchanges" in addresses or "/recoverypreviewjobs/" in addresses:
        return "getChanges"
    if any(item.get("failureMessage") is not None for item in items):
        return "getFailedChanges"
    for function in ("getFailedChanges", "getChanges"):
        if function in os.path.dirname(name):
            return function
    return "unknown"


def snapshot_time(snapshot):
    if not snapshot:
        return ""
    try:
        text = base64.b64decode(snapshot + "=" * (-len(snapshot) % 4)).decode("ascii")
    except ValueError:
        return ""
    if text.isdigit():
        return datetime.fromtimestamp(int(text), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text if TIMESTAMP.fullmatch(text) else ""


class FailedChanges:
    """What the pages of failed changes say about the planned ones."""

    def __init__(self):
        self.changes = {}
        self.sets = {}
        self.known_others = {}

    def add_page(self, page):
        items, ends, count = self.sets.get((page.snapshot, page.job), (0, 0, None))
        ends += page.next_link is None
        count = page.count if page.count is not None else count
        self.sets[page.snapshot, page.job] = (items + len(page.items), ends, count)

    def add(self, page, key, rows, message, category):
        self.changes.setdefault(key, []).append((page.snapshot, rows, message, category))

    def outcome(self, page, key, rows):
        """Outcome, message and category of a planned change."""
        if key in self.changes:
            known = [c for c in self.changes[key] if meets(page.snapshot, c[0])]
            if known:
                _, _, message, category = next((c for c in known if c[1] == rows), known[0])
                return "failed", message, category
        if page.snapshot not in self.known_others:
            self.known_others[page.snapshot] = self.others(page.snapshot)
        return self.known_others[page.snapshot], None, None

    def others(self, snapshot):
        sets = [s for (other, _), s in self.sets.items() if meets(snapshot, other)]
        if not sets:
            return "planned"
        whole = all(ends == 1 and count in (None, items) for items, ends, count in sets)
        return "notReportedFailed" if whole else "unknown"


def meets(a, b):
    return a is None or b is None or a == b


class Groups:
    """The rows of each group as CSV text in memory, to be written in the order of the groups."""

    def __init__(self):
        self.buffers = {}

    def writer(self, function, action, entity):
        found = self.buffers.get((function, action, entity))
        if found is None:
            text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=False)
            found = self.buffers[function, action, entity] = (text, csv.writer(text))
        return found[1]

    def write(self, path):
        def order(key):
            function, action, entity = key
            return FUNCTIONS.index(function), rank(ACTIONS, action), rank(ENTITY_TYPES, entity)

        with open(path, "wb") as file:
            file.write(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
            for key in sorted(self.buffers, key=order):
                text = self.buffers[key][0]
                text.flush()
                file.write(text.buffer.getbuffer())


def rank(known, value):
    return (known.index(value), "") if value in known else (len(known), value)


def entity_type(item, delta, state):
    name = item.get("entityTypeName")
    if name and name != "unknownFutureValue":
        return name
    for side in (delta, state):
        kind = (side or NOTHING).get("@odata.type")
        if kind:
            kind = kind.removeprefix("#").removeprefix("microsoft.graph.")
            return TYPE_ALIASES.get(kind, kind)
    return name or "unknown"


def display_name(item, delta, state):
    for side in (item, state, delta):
        name = (side or NOTHING).get("displayName")
        if type(name) is str:
            return name
    return ""


def write_item(page, index, item, failed, groups):
    delta, state = item.get("deltaFromCurrent"), item.get("currentState")
    action = item.get("recoveryAction")
    entity = entity_type(item, delta, state)
    identity = item.get("id") or item.get("objectId") or ""
    rows = Walk(action).change(delta, state)
    key = (entity, action, identity.lower()) if identity else None
    message = item.get("failureMessage")
    category = failure_category(message)
    if page.function == "getFailedChanges":
        outcome = "failed"
        if key:
            failed.add(page, key, rows, message, category)
    elif page.function == "getChanges":
        outcome, found, found_category = failed.outcome(page, key, rows)
        if outcome == "failed":
            message, category = found, found_category
    else:
        outcome = "unknown"
    head = (
        page.function, safe(action or ""), safe(entity), safe(identity),
        safe(display_name(item, delta, state)),
    )
    message = safe(cell(message))
    tail = (page.snapshot_time, safe(page.job), safe(f"{page.name}#/value/{index}"))
    writerow = groups.writer(page.function, action, entity).writerow
    for kind, path, since, backup, current, added, removed, note in rows:
        writerow((
            *head, kind, safe(path), since, RECOVERY_WILL[since], safe(cell(backup)), safe(cell(current)),
            "" if added is None else cell(added), "" if removed is None else cell(removed),
            outcome, message, category, note, *tail,
            TYPE_NAMES.get(type(backup), "missing"), TYPE_NAMES.get(type(current), "missing"),
        ))
    if not rows:
        since = OBJECT_SINCE.get(action, "unknown")
        writerow((
            *head, "", "", since, "", "", "", "", "", outcome, message, category, "", *tail,
            "missing", "missing",
        ))


def page_names(root):
    """The pages below root in natural order, those of failed changes first."""
    names = []
    for folder, _, files in os.walk(root):
        names += [os.path.relpath(os.path.join(folder, f), root) for f in files if f.endswith(".json")]
    names = [name.replace(os.sep, "/") for name in names]
    return sorted(names, key=lambda name: ("getFailedChanges" not in name, natural(name)))


def natural(name):
    pieces = [re.split(r"(\d+)", component) for component in name.split("/")]
    return [[int(p) if p.isdigit() else p for p in component] for component in pieces]


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: orjson_csv.py DIR OUT.csv")
    _, root, out = sys.argv
    failed, groups = FailedChanges(), Groups()
    for name in page_names(root):
        page = Page(root, name)
        if page.function == "getFailedChanges":
            failed.add_page(page)
        for index, item in enumerate(page.items):
            write_item(page, index, item, failed, groups)
    groups.write(out)


if __name__ == "__main__":
    main()
