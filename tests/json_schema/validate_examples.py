"""validate_examples.py QUANTCONF: the schema that `quantconf schema json` prints, against real files.

Every layer in examples/config must be valid. Every file in invalid/ must be refused at the key that its first line
names: "# wrong: trading.max_position_size".
"""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator

import layer_yaml

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples" / "config"


def schema_of(tool):
    run = subprocess.run([tool, "schema", "json"], capture_output=True, text=True, cwd=HERE)  # No configuration is needed for it.
    if run.returncode != 0:
        sys.exit(f"`quantconf schema json` ended with {run.returncode}: {run.stderr}")
    return json.loads(run.stdout)


def places(error):
    """Dotted paths that an error is about, also those of the branches of anyOf."""
    path = ".".join(str(part) for part in error.absolute_path)
    yield path
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for key in error.instance:
            if key not in known and not key.startswith("x-"):
                yield f"{path}.{key}" if path else key
    if "propertyNames" in error.absolute_schema_path:
        yield f"{path}.{error.instance}" if path else error.instance
    for below in error.context:
        yield from places(below)


def check_valid(validator, path):
    errors = list(validator.iter_errors(layer_yaml.load(path.read_text())))
    for error in errors:
        print(f"FAIL {path.name}: {'.'.join(map(str, error.absolute_path))}: {error.message}")
    return not errors


def check_invalid(validator, path):
    text = path.read_text()
    wanted = text.splitlines()[0].removeprefix("# wrong: ")
    found = {place for error in validator.iter_errors(layer_yaml.load(text)) for place in places(error)}
    if wanted not in found:
        print(f"FAIL {path.name}: expected an error at {wanted}, found {sorted(found) or 'none'}")
    return wanted in found


def main():
    schema = schema_of(pathlib.Path(sys.argv[1]).resolve())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    examples = sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("*.yaml.example")])
    invalid = sorted((HERE / "invalid").glob("*.yaml"))
    results = [check_valid(validator, path) for path in examples] + [check_invalid(validator, path) for path in invalid]
    print(f"{results.count(True)} of {len(results)} files as expected "
          f"({len(examples)} examples, {len(invalid)} deliberately wrong ones)")
    return 0 if examples and invalid and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
