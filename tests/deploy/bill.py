"""
Compare a software bill of materials with what a server installs, as `make sbom` does.

The bill is CycloneDX in JSON. It has to name the site with its release, and every pin of the lock with its digests.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "config" / "deploy" / "requirements.lock"
PIN = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)

Pins = dict[tuple[str, str], set[str]]


def locked(text: str) -> Pins:
    """Return the digests of each name and version in a lock file."""
    return {(name, version): set(re.findall(r"[0-9a-f]{64}", digests)) for name, version, digests in PIN.findall(text)}


def billed(bill: dict) -> Pins:
    """Return the digests of each name and version in a bill."""
    return {
        (part["name"], part["version"]): {
            digest["content"]
            for place in part.get("externalReferences", [])
            for digest in place.get("hashes", [])
            if digest["alg"] == "SHA-256"
        }
        for part in bill["components"]
    }


def differences(bill: dict, wanted: Pins) -> list[str]:
    """Return in a sentence each what the bill has too much, lacks, or says otherwise; nothing if it is right."""
    found, site = billed(bill), bill["metadata"]["component"]
    release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = [
        *(f"{name} {version} is not in the bill." for name, version in sorted(wanted.keys() - found.keys())),
        *(f"{name} {version} is in no lock." for name, version in sorted(found.keys() - wanted.keys())),
        *(
            f"{name} {version} has other digests."
            for name, version in sorted(found.keys() & wanted.keys())
            if found[name, version] != wanted[name, version]
        ),
    ]
    if bill["bomFormat"] != "CycloneDX":
        said.append("The bill is not CycloneDX.")
    if (site["name"], site["version"]) != (release["name"], release["version"]):
        said.append(f"The bill is of {site['name']} {site['version']}.")
    return said


def main(path: str) -> int:
    bill = json.loads(Path(path).read_text())
    said = differences(bill, locked(LOCK.read_text()))
    print("\n".join(said) or f"{path} names all {len(bill['components'])} packages that a server installs.")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
