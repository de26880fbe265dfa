"""Each fault comes out as it is described, and recorded answers come out byte for byte."""

import http.client
import json
import os
import socket
import ssl
import tempfile
import time
import unittest
import zlib

from started import FOLDER, Simulator, bearer

RECORDED = os.path.join(FOLDER, "..", "sources", "fixtures.json")
SAMPLE = {"providers": {
    "polygon": [
        {"case": "plain", "http_status": 200, "headers": {"content-type": "application/json"}, "body": '{"status": "OK"}'},
        {"case": "unusual", "http_status": 520, "headers": {"x-b": "2", "x-a": "1, \"x\""}, "body": "\r\n\u00e9<KEY>\0"},
        {"case": "empty", "http_status": 503, "headers": {}, "body": ""},
        {"case": "none", "http_status": 0, "headers": {}, "body": ""}],
    "reddit": [{"case": "number", "http_status": 400, "headers": {}, "body": "{\"error\": 400}"}]}}
STATUS = "/polygon/v1/marketstatus/now"


def bytes_of(case):
    """What a recorded answer is on the wire."""
    head = [f"HTTP/1.1 {case['http_status']} {http.client.responses.get(case['http_status'], 'Unknown')}"]
    head += [f"{name}: {value}" for name, value in case["headers"].items()]
    body = case["body"].encode()
    return ("\r\n".join([*head, f"content-length: {len(body)}", "connection: close"]) + "\r\n\r\n").encode() + body


class WithSimulator(unittest.TestCase):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.simulator = cls.enterClassContext(Simulator(*cls.options))

    def setUp(self):
        self.simulator.leave()
        self.simulator.control("reset")
        self.headers = bearer(self.simulator.key("polygon"))
        self.line = f"Authorization: {self.headers['Authorization']}\r\n"

    def fault(self, kind, **settings):
        return self.simulator.control("fault", source="polygon", kind=kind, **settings)

    def ask(self):
        return self.simulator.ask(STATUS, self.headers)

    def raw(self, **settings):
        return self.simulator.raw(STATUS, self.line, **settings)


class Faults(WithSimulator):
    def test_nothing_is_wrong_without_a_fault(self):
        received, end = self.raw()
        self.assertTrue(received.endswith(b"}}"))
        self.assertEqual(end, "closed")

    def test_connections_that_end_too_early(self):
        self.fault("reset")
        self.assertEqual(self.raw(), (b"", "reset"))
        self.simulator.control("recover", source="polygon")
        self.fault("close")
        self.assertEqual(self.raw(), (b"", "closed"))
        self.simulator.control("recover", source="polygon")
        self.fault("close_in_body")
        received, end = self.raw()
        head, _, body = received.partition(b"\r\n\r\n")
        self.assertEqual((end, head[:15], b"content-length: 246" in head), ("closed", b"HTTP/1.1 200 OK", len(body) == 123),
                         received)
        self.simulator.control("recover", source="polygon")
        self.fault("reset_in_body")
        received, end = self.raw()
        self.assertEqual((end, received[:15]), ("reset", b"HTTP/1.1 200 OK"))

    def test_silence_and_half_closed_connections(self):
        self.fault("hang")
        self.assertEqual(self.raw(timeout=0.1), (b"", "silent"))
        self.simulator.control("recover", source="polygon")
        for sent, start in (("nothing", b""), ("head", b"HTTP/1.1 200"), ("half", b"HTTP/1.1 200")):
            self.fault("half_close", sent=sent, count=1)
            with socket.create_connection(("127.0.0.1", self.simulator.port), timeout=5) as connection:
                connection.sendall(f"GET {STATUS} HTTP/1.1\r\n{self.line}\r\n".encode())
                received = b""
                while data := connection.recv(4096):
                    received += data
                self.assertEqual(received[: len(start)], start)
                connection.sendall(b"GET /again HTTP/1.1\r\n\r\n")  # It still listens: no reset.

    def test_other_answers(self):
        self.fault("status", status=503, body="down", count=1)
        self.assertEqual(self.ask()[::2], (503, b"down"))
        self.fault("captive_portal", count=1)
        status, headers, body = self.ask()
        self.assertEqual((status, dict(headers)["content-type"], b"sign in" in body), (200, "text/html; charset=utf-8", True))
        self.fault("not_http", count=1)
        self.assertEqual(self.raw(), (b"SSH-2.0-OpenSSH_9.2\r\n", "closed"))
        self.assertEqual(self.ask()[0], 200)

    def test_retry_after_in_seconds_and_as_a_date(self):
        self.fault("too_many", retry_after=7, count=1)
        status, headers, body = self.ask()
        self.assertEqual((status, dict(headers)["retry-after"], b"maximum requests" in body), (429, "7", True))
        self.fault("too_many", retry_after=7, as_date=True, count=1)
        value = dict(self.ask()[1])["retry-after"]
        self.assertAlmostEqual(time.mktime(time.strptime(value, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone,
                               time.time() + 7, delta=3)

    def test_a_redirect_leads_to_where_a_key_would_be_noticed(self):
        self.fault("redirect", status=307)
        status, headers, _ = self.ask()
        target = dict(headers)["location"]
        self.assertEqual((status, target), (307, f"http://localhost:{self.simulator.port}/_trap/polygon"))
        self.simulator.ask("/_trap/polygon")
        self.assertEqual(self.simulator.look("stats")["trap"], {"requests": 1, "with_key": 0})
        self.simulator.ask("/_trap/polygon", self.headers)
        self.simulator.ask(f"/_trap/polygon?apiKey={self.simulator.key('polygon')}")
        self.simulator.ask("/_trap/polygon", {"Authorization": "NotAKey"})
        self.assertEqual(self.simulator.look("stats")["trap"], {"requests": 4, "with_key": 3})
        self.simulator.control("recover")
        self.fault("redirect", to="https://elsewhere.invalid/x")
        self.assertEqual(dict(self.ask()[1])["location"], "https://elsewhere.invalid/x")

    def test_too_much(self):
        self.fault("gzip_bomb", megabytes=20, count=1)
        _, headers, body = self.ask()
        self.assertEqual(dict(headers)["content-encoding"], "gzip")
        self.assertLess(len(body), 100_000)
        self.assertEqual(len(zlib.decompress(body, wbits=31)), 20 * 1024 * 1024 + 11)
        self.fault("huge_answer", count=1)
        received, end = self.raw()
        head, _, body = received.partition(b"\r\n\r\n")
        self.assertEqual((len(body), end, b"content-length: 104857600" in head), (100 * 1024 * 1024, "closed", True))
        for kind in ("endless_body", "endless_headers"):
            self.fault(kind, count=1)
            self.assertEqual(self.raw(limit=20_000_000)[1], "endless")
        self.assertLess(self.simulator.look("stats")["rss_kb"], 100_000)

    def test_hostile_headers(self):
        self.fault("many_headers", count=1)
        self.assertEqual(self.raw()[0].count(b"\r\nx-header-"), 10_000)
        self.fault("big_header", count=1)
        self.assertIn(b"x-big: " + b"a" * 1024 * 1024, self.raw()[0])
        self.fault("nul_header", count=1)
        self.assertIn(b"x-nul: before\0after\r\n", self.raw()[0])

    def test_damaged_answers(self):
        whole = self.ask()[2]
        self.fault("truncated_json", count=1)
        self.assertEqual(self.ask()[2], whole[: len(whole) // 2])
        self.fault("content_type", content_type="image/png", count=1)
        self.assertEqual(dict(self.ask()[1])["content-type"], "image/png")
        for by in (10, -10):
            self.fault("content_length", by=by, count=1)
            head, _, body = self.raw()[0].partition(b"\r\n\r\n")
            self.assertEqual((f"content-length: {len(whole) + by}".encode() in head, body), (True, whole))
        self.simulator.control("reset")
        self.fault("bad_gzip", count=1)
        self.assertEqual(dict(self.ask()[1])["content-encoding"], "gzip")

    def test_late_and_slow_answers(self):
        self.fault("latency", ms=120, jitter_ms=20, count=1)
        start = time.monotonic()
        self.assertEqual(self.ask()[0], 200)
        self.assertTrue(0.09 < time.monotonic() - start < 2)
        self.fault("latency", ms=100, count=1)
        self.fault("status", count=1)
        start = time.monotonic()
        self.assertEqual(self.ask()[0], 503)
        self.assertGreater(time.monotonic() - start, 0.09)
        self.fault("slow_drip", bytes=40, every_ms=5)
        start = time.monotonic()
        self.assertEqual(self.ask()[0], 200)
        self.assertGreater(time.monotonic() - start, 0.03)

    def test_a_fault_strikes_where_and_as_often_as_it_was_told(self):
        self.fault("status", count=2)
        self.assertEqual([self.ask()[0] for _ in range(3)], [503, 503, 200])
        self.fault("status", path="/v2/")
        self.assertEqual(self.ask()[0], 200)
        self.assertEqual(self.simulator.ask("/polygon/v2/aggs/ticker/AAPL/prev", self.headers)[0], 503)
        self.simulator.control("recover")
        self.simulator.control("limits", source="polygon", windows=[])
        self.fault("status", chance=0.5)
        statuses = [self.ask()[0] for _ in range(60)]
        self.assertTrue(10 < statuses.count(503) < 50, statuses)
        self.fault("status", seconds=0)
        self.simulator.control("fault", source="*", kind="status", status=502, count=1)
        self.assertEqual([self.simulator.ask(f"/{source}/")[0] for source in ("gnews", "gnews", "fred")], [502, 401, 502])

    def test_a_port_that_refuses_and_comes_back(self):
        self.simulator.control("limits", source="polygon", windows=[])
        self.simulator.control("refuse", seconds=0.2)
        refused = False
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                status = self.ask()[0]
                if refused:
                    break
            except ConnectionRefusedError:
                refused = True
            except (OSError, http.client.HTTPException):
                pass
        self.assertEqual((refused, status), (True, 200))


class Recorded(WithSimulator):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.recorded = SAMPLE["providers"]
        path = os.path.join(folder, "fixtures.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(SAMPLE, file)
        cls.options = ("--fixtures", path)
        super().setUpClass()

    def test_each_case_comes_out_byte_for_byte(self):
        for provider, cases in self.recorded.items():
            for case in cases:
                with self.subTest(provider=provider, case=case["case"]):
                    received = self.simulator.raw(f"/_fixture/{provider}/{case['case']}/v1/any?thing=1")
                    self.assertEqual(received, (bytes_of(case) if case["http_status"] else b"", "closed"))

    def test_a_provider_answers_its_next_requests_with_a_case(self):
        for provider, cases in self.recorded.items():
            for case in cases:
                with self.subTest(provider=provider, case=case["case"]):
                    self.simulator.control("fixture", source=provider, case=case["case"], count=1)
                    received = self.simulator.raw(f"/{provider}/")[0]
                    self.assertEqual(received, bytes_of(case) if case["http_status"] else b"")
                    self.assertIn(b"\r\ndate: ", self.simulator.raw(f"/{provider}/")[0])  # A recording has none.

    def test_the_token_of_reddit_uses_the_cases_of_reddit(self):
        case = self.recorded["reddit"][0]
        self.simulator.control("fixture", source="reddit_token", case=case["case"])
        self.assertEqual(self.simulator.raw("/reddit_token/api/v1/access_token")[0], bytes_of(case))

    def test_an_unknown_case_is_refused(self):
        self.assertEqual(self.simulator.ask("/_fixture/polygon/nonsense/")[0], 404)
        status, _, body = self.simulator.ask("/_control/fixture", method="POST",
                                             body='{"source": "polygon", "case": "nonsense"}')
        self.assertEqual((status, b"no fixture" in body), (400, True))


@unittest.skipUnless(os.path.exists(RECORDED), "tests/sources/fixtures.json is not there")
class RecordedOfTheProject(Recorded):
    """The same with every case that the project's own tests use."""

    @classmethod
    def setUpClass(cls):
        with open(RECORDED, encoding="utf-8") as file:
            cls.recorded = json.load(file)["providers"]
        cls.options = ("--fixtures", RECORDED)
        super(Recorded, cls).setUpClass()

    test_an_unknown_case_is_refused = None


class Tls(unittest.TestCase):
    def problem(self, kind):
        """What a client says that checks the certificate; empty if it is content."""
        with Simulator("--tls", kind) as simulator:
            trust = ssl.create_default_context(cafile=simulator.started["ca_file"])
            self.assertTrue(simulator.started["endpoints"]["polygon"].startswith("https://127.0.0.1:"))
            connection = http.client.HTTPSConnection("127.0.0.1", simulator.port, context=trust, timeout=5)
            try:
                connection.request("GET", STATUS)
                self.assertEqual(connection.getresponse().status, 401)
                return ""
            except ssl.SSLCertVerificationError as problem:
                return problem.verify_message
            finally:
                connection.close()

    def test_a_good_certificate_and_three_that_must_be_refused(self):
        self.assertEqual(self.problem("good"), "")
        self.assertEqual(self.problem("expired"), "certificate has expired")
        self.assertIn("IP address mismatch", self.problem("wrong_host"))
        self.assertIn("unable to get local issuer", self.problem("untrusted"))


if __name__ == "__main__":
    unittest.main()
