//! The program from outside: exit code, standard output and standard error of the binary, together.

mod bundle;
mod completeness;
mod damaged;
mod dialect;
mod forms;
mod gates;
mod help;
mod hostile;
mod inputs;
mod json_suite;
mod matrix;
mod messages;
mod neighbours;
mod output;
mod recordings;
mod restore;
mod scene;
mod show;
mod streams;
mod terminal;
mod verify;
