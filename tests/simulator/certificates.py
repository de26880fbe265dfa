"""Certificates for --tls, made by the openssl command: one that is fine, and three that a client must refuse."""

import os
import subprocess

KINDS = ("good", "expired", "wrong_host", "untrusted")
_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {common_name}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = CA:FALSE
subjectAltName = {names}
[ca]
default_ca = here
[here]
dir = {folder}
new_certs_dir = $dir
database = $dir/index.txt
serial = $dir/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


def _run(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, timeout=30)


def _authority(folder, name):
    """A self-signed authority; the path of its certificate, with the key beside it."""
    path = os.path.join(folder, name)
    config = os.path.join(folder, f"{name}.cnf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(_CONFIG.format(common_name=f"simulator {name}", names="DNS:none.invalid", folder=folder))
    _run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-config", config,
         "-extensions", "authority", "-keyout", f"{path}.key", "-out", f"{path}.pem")
    return f"{path}.pem"


def make(folder, kind):
    """(certificate, key, authority to trust) in `folder`, which must be empty."""
    trusted = _authority(folder, "authority")
    issuer = _authority(folder, "another") if kind == "untrusted" else trusted
    names = "DNS:elsewhere.invalid" if kind == "wrong_host" else "IP:127.0.0.1, DNS:localhost"
    config, key, request, certificate = (os.path.join(folder, f"server.{end}") for end in ("cnf", "key", "csr", "pem"))
    with open(config, "w", encoding="utf-8") as file:
        file.write(_CONFIG.format(common_name="simulator", names=names, folder=folder))
    for name, text in (("index.txt", ""), ("serial", "01\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    _run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", config, "-keyout", key,
         "-out", request)
    dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"] if kind == "expired" else ["-days", "2"]
    _run("ca", "-batch", "-config", config, "-in", request, "-out", certificate, "-cert", issuer,
         "-keyfile", issuer.replace(".pem", ".key"), "-extensions", "server", "-notext", *dates)
    return certificate, key, trusted
