"""The commands of scripts/quickstart over the examples, on a machine whose environment is full of secrets."""

import os
import re
import shutil

from report import expect
from sandbox import Sandbox


def what_quickstart_prints(programs, needles, project):
    with open(os.path.join(project, "scripts", "quickstart"), encoding="utf-8") as file:
        commands = re.findall(r'^ *run "\$tool" (.*?)(?: \|\|.*)?$', file.read(), flags=re.M)
    expect(len(commands) >= 3, "quickstart runs the tool", commands)
    sandbox = Sandbox(programs, needles)
    shutil.copytree(os.path.join(project, "examples"), sandbox.path("work", "examples"))
    variables = {"QUANTBOT_DATABASE_PASSWORD": needles.new("variable of a database"), "OPENAI_API_KEY": needles.new("somebody's key"),
                 "QUANTBOT_DATA_SOURCES_POLYGON_API_KEY": needles.new("variable of a source"), "DATABASE_URL":
                 f"postgresql://u:{needles.new('variable with a URL')}@db/x"}
    for command in commands:
        for environment in ("development", "staging", "production", "testing") if "$environment" in command else ("",):
            words = command.replace("$environment", environment).replace('"', "").split()
            sandbox.run(*words)
            sandbox.run(*words, variables=variables)


STORIES = [what_quickstart_prints]
