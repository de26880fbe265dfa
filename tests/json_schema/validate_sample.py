"""validate_sample.py PROGRAM: is what PROGRAM prints a schema, and does it judge sample_layers.yaml as quantconf does?"""

import json
import pathlib
import subprocess
import sys

import yaml
from jsonschema import Draft202012Validator

import layer_yaml


def main():
    schema = json.loads(subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lists = yaml.safe_load(pathlib.Path(__file__).with_name("sample_layers.yaml").read_text())
    wrong = layers = 0
    for verdict, expected in (("good", True), ("stricter_in_quantconf", True),
                              ("bad", False), ("stricter_in_editors", False)):
        for layer in lists[verdict]:
            layers += 1
            errors = [error.message for error in validator.iter_errors(layer_yaml.load(layer))]
            if (not errors) != expected:
                wrong += 1
                print(f"FAIL {layer}: {'; '.join(errors) or 'accepted'}")
    print(f"{layers - wrong} of {layers} layers as expected")
    return 1 if wrong or not layers else 0


if __name__ == "__main__":
    sys.exit(main())
