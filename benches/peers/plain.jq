# A line for each property whose two values differ as JSON text.
.value[]? | . as $item | (.deltaFromCurrent // {}) as $delta | (.currentState // {}) as $current
| $delta | to_entries[] | select((.key | contains("@") | not) and .value != $current[.key])
| [$item.recoveryAction, $item.entityTypeName, $item.id, $item.displayName, .key, (.value | if type == "string" then . else tojson end), ($current[.key] | if type == "string" then . else tojson end)]
| @csv
