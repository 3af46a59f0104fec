//! Reads a subject folder: `wsus.json` in every form in which Windows prints it, `host.json`, `stores/`.
