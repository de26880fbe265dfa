"""The log, the check of limits, scenarios, and the life of the program."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from started import FOLDER, Simulator, bearer
from test_faults import STATUS, WithSimulator


class Log(WithSimulator):
    def test_it_knows_each_request_and_no_key(self):
        key = self.simulator.key("polygon")
        self.ask()
        self.simulator.ask(f"{STATUS}?apiKey={key}")
        self.simulator.ask(f"{STATUS}?apiKey=NotAKey")
        self.simulator.ask(STATUS)
        log = self.simulator.look("log")
        fingerprint = self.simulator.started["keys"]["polygon"]["good"]["fingerprint"]
        self.assertEqual([(entry["source"], entry["key"] == fingerprint, entry["status"], entry["path"])
                          for entry in log["entries"]],
                         [("polygon", True, 200, "/v1/marketstatus/now")] * 2
                         + [("polygon", False, 401, "/v1/marketstatus/now")] * 2)
        times = [entry["at"] for entry in log["entries"]]
        self.assertEqual(times, sorted(times))
        self.assertTrue(0 <= time.monotonic() - times[0] < 10)
        for text in (key, "NotAKey"):
            self.assertNotIn(text, json.dumps([log, self.simulator.look("stats"), self.simulator.look("check")]))
        stats = self.simulator.look("stats")["sources"]["polygon"]
        self.assertEqual((stats["requests"], stats["statuses"], stats["keys"][fingerprint]), (4, {"200": 2, "401": 2}, 2))

    def test_it_is_read_in_pieces(self):
        self.simulator.control("limits", source="polygon", windows=[])
        for _ in range(5):
            self.ask()
        first = self.simulator.look("log?limit=2")
        self.assertEqual((len(first["entries"]), first["next"], first["total"]), (2, 2, 5))
        self.assertEqual([entry["number"] for entry in self.simulator.look("log?since=3")["entries"]], [3, 4])
        self.assertEqual(self.simulator.look("log?source=fred")["entries"], [])


class SmallLog(WithSimulator):
    options = ("--log-size", "10")

    def test_it_forgets_the_oldest_and_says_so(self):
        for _ in range(15):
            self.ask()
        log = self.simulator.look("log")
        self.assertEqual((log["first"], log["total"], len(log["entries"])), (5, 15, 10))
        self.assertFalse(self.simulator.look("check")["complete"])


class Check(WithSimulator):
    def test_as_many_as_allowed_are_fine_and_one_more_is_not(self):
        for _ in range(5):
            self.ask()
        self.assertTrue(self.simulator.look("check?guard=1")["ok"])
        self.assertEqual(self.ask()[0], 429)
        result = self.simulator.look("check?guard=1")
        self.assertEqual((result["ok"], result["violation_count"]), (False, 1))
        self.assertEqual({name: result["violations"][0][name] for name in ("limit", "window", "held")},
                         {"limit": 5, "window": 60, "held": 6})

    def test_requests_that_a_fault_swallows_count_as_well(self):
        self.fault("status")
        for _ in range(6):
            self.ask()
        self.assertFalse(self.simulator.look("check")["ok"])

    def test_the_guard_shortens_the_window(self):
        self.simulator.control("limits", source="polygon", windows=[[2, 3600]])
        for _ in range(3):
            self.ask()
        self.assertFalse(self.simulator.look("check?guard=1")["ok"])
        first, *_, last = (entry["at"] for entry in self.simulator.look("log")["entries"])
        inside, outside = 3600 - (last - first) / 2, 3600 - (last - first) * 2
        self.assertTrue(self.simulator.look(f"check?guard={inside}")["ok"])
        self.assertFalse(self.simulator.look(f"check?guard={outside}")["ok"])

    def test_a_day_of_the_calendar_is_checked_by_the_day(self):
        self.simulator.control("limits", source="polygon", windows=[[3, "day"]])
        for _ in range(3):
            self.ask()
        self.simulator.control("advance", seconds=86_400)
        for _ in range(3):
            self.assertEqual(self.ask()[0], 200)
        self.assertTrue(self.simulator.look("check")["ok"])
        self.assertEqual(self.ask()[0], 429)
        self.assertEqual(self.simulator.look("check")["violations"][0]["window"], "day")

    def test_a_limit_that_is_cut_applies_from_then_on(self):
        for _ in range(5):
            self.ask()
        self.simulator.control("limits", source="polygon", windows=[[3, 60]])
        self.assertTrue(self.simulator.look("check")["ok"])
        self.assertEqual(self.ask()[0], 429)
        result = self.simulator.look("check")
        self.assertEqual((result["ok"], result["violations"][0]["held"]), (False, 6))

    def test_a_client_may_be_checked_against_limits_of_its_own(self):
        for _ in range(3):
            self.ask()
        self.assertTrue(self.simulator.look("check")["ok"])
        self.assertFalse(self.simulator.control("check", limits={"polygon": [[2, 10]]})["ok"])


class Scenarios(WithSimulator):
    def play(self, *steps):
        return self.simulator.control("scenario", steps=list(steps))

    def test_steps_happen_after_a_number_of_requests(self):
        self.play({"after": 2, "of": "polygon", "do": "fault", "source": "polygon", "kind": "status", "status": 502},
                  {"after": 4, "of": "polygon", "do": "recover", "source": "polygon"},
                  {"after": 5, "of": "polygon", "do": "key", "source": "polygon", "state": "revoked"},
                  {"after": 7, "do": "key", "source": "polygon", "state": "good"})
        self.simulator.ask("/fred/series")  # Counts only where no source is named.
        self.assertEqual([self.ask()[0] for _ in range(7)], [200, 200, 502, 502, 200, 401, 200])
        self.assertEqual(len(self.simulator.look("stats")["fired"]), 4)

    def test_single_steps_can_wait_as_well_but_not_without_end(self):
        self.simulator.control("fault", source="polygon", kind="status", after=1, of="polygon")
        self.assertEqual([self.ask()[0] for _ in range(2)], [200, 503])
        many = [{"at": 1000, "do": "reset"}] * 10_000
        self.assertEqual(self.simulator.control("scenario", steps=many)["steps"], 10_000)
        for path, body in (("reset", {"at": 1}), ("scenario", {"steps": [*many, {"do": "reset"}]})):
            self.assertEqual(self.simulator.ask(f"/_control/{path}", method="POST", body=json.dumps(body))[0], 400)

    def test_steps_happen_at_a_time(self):
        self.play({"at": 0, "do": "limits", "source": "polygon", "windows": []},
                  {"at": 0.1, "do": "fault", "source": "polygon", "kind": "status"},
                  {"at": 0.2, "do": "recover", "source": "*"})
        seen = []
        end = time.monotonic() + 10
        while seen != [200, 503, 200] and time.monotonic() < end:
            status = self.ask()[0]
            seen += [status] if seen[-1:] != [status] else []
        self.assertEqual(seen, [200, 503, 200])

    def test_a_file_is_played_from_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scenario.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"steps": [{"do": "key", "source": "polygon", "state": "disabled"},
                                     {"after": 1, "do": "spend", "source": "newsapi"}]}, file)
            with Simulator("--scenario", path) as simulator:
                self.assertEqual(simulator.ask(STATUS, bearer(simulator.key("polygon")))[0], 401)
                self.assertEqual(simulator.ask("/newsapi/top-headlines/sources",
                                               {"X-Api-Key": simulator.key("newsapi")})[0], 429)

    def test_the_example_of_the_readme_has_no_mistakes(self):
        with open(os.path.join(FOLDER, "README.md"), encoding="utf-8") as file:
            example = file.read().partition("```json\n")[2].partition("```")[0]
        steps = json.loads(example)["steps"]
        self.assertEqual(self.play(*steps), {"ok": True, "steps": len(steps)})

    def test_mistakes_are_told_all_at_once(self):
        status, _, body = self.simulator.ask("/_control/scenario", method="POST", body=json.dumps({"steps": [
            {"do": "explode"},
            {"at": -1, "do": "recover", "source": "bloomberg"},
            {"do": "fault", "source": "fred", "kind": "status", "status": "503", "sorce": 1},
            {"do": "fault", "source": "fred", "kind": "melt"},
            {"do": "limits", "source": "fred", "windows": [[1, "week"]]},
            {"do": "key", "source": "fred", "key": "none", "state": "good"},
            {"at": 1, "after": 1, "do": "reset"}, 7]}))
        problems = json.loads(body)["problems"]
        self.assertEqual(status, 400)
        self.assertEqual([problem.partition(":")[0] for problem in problems],
                         ["steps[0].do", "steps[1].at", "steps[1].source", "steps[2].sorce", "steps[2].status",
                          "steps[3].kind", "steps[4].windows", "steps[5].key", "steps[6].at", "steps[7]"])

    def problem_of(self, step, **members):
        body = step if isinstance(step, str) else json.dumps({"steps": [step], **members})
        status, _, answer = self.simulator.ask("/_control/scenario", method="POST", body=body)
        return "" if status == 200 else json.loads(answer)["problems"][0].removeprefix("steps[0].")

    def test_what_no_answer_can_be_made_of_is_refused_and_named(self):
        fault = {"do": "fault", "source": "fred", "kind": "status"}
        for status, wrong in ((99, True), (100, False), (999, False), (1000, True), (0, True)):
            self.assertEqual(self.problem_of({**fault, "status": status}).startswith("status: expected 100 to 999"), wrong, status)
        for name, value in (("x", "a\r\nb: c"), ("x\n", "a"), ("", "a"), ("x", []), ("x", True)):
            self.assertIn("headers: ", self.problem_of({**fault, "headers": {name: value}}), (name, value))
        self.assertEqual(self.problem_of({**fault, "headers": {"retry-after": 5, "x": "a"}}), "")
        self.assertIn("content_type: ", self.problem_of({**fault, "content_type": "text/plain\nx: y"}))
        self.assertIn("path: begins with /", self.problem_of({**fault, "path": "v1"}))
        self.assertEqual(self.problem_of({**fault, "path": "/v1"}), "")

    def test_a_scenario_has_steps_and_nothing_else_and_no_name_twice(self):
        self.assertEqual(self.problem_of({"do": "reset"}, stepz=[]), "stepz: a scenario has no such member; it has steps")
        self.assertIn("stands there twice", self.problem_of('{"steps": [], "steps": []}'))
        self.assertIn("stands there twice", self.problem_of('{"steps": [{"do": "reset", "do": "reset"}]}'))
        self.assertIn("too deep", self.problem_of('{"steps": ' + "[" * 100_000))

    def test_of_needs_after_and_says_so(self):
        self.assertIn("which is missing", self.problem_of({"do": "reset", "of": "fred"}))
        self.assertIn("one of polygon", self.problem_of({"do": "reset", "after": 1, "of": "bloomberg"}))
        self.assertIn("one of polygon", self.problem_of({"do": "reset", "after": 1, "of": []}))

    def test_a_body_of_nonsense_is_refused(self):
        for body in (b"{", b"[]", b"\xff", b"[" * 500_000, b'{"steps": 1}', b'{"steps": [{"do": "advance", "seconds": NaN}]}'):
            for name in ("scenario", "check", "fault"):
                with self.subTest(body=body[:20], name=name):
                    self.assertIn(self.simulator.ask(f"/_control/{name}", method="POST", body=body)[0], (200, 400, 404))
        self.assertEqual(self.simulator.ask("/_control/check", method="POST", body=b'{"limits": 1}')[0], 400)

    def test_a_key_of_one_s_own_can_be_given_out(self):
        self.assertEqual(self.simulator.ask(STATUS, bearer("own"))[0], 401)
        self.simulator.control("key", source="polygon", text="own", plan="paid", state="good")
        self.assertEqual(self.simulator.ask(STATUS, bearer("own"))[0], 200)


class Protocol(WithSimulator):
    def send(self, data):
        with socket.create_connection(("127.0.0.1", self.simulator.port), timeout=5) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while piece := connection.recv(65536):
                received += piece
            return received

    def test_requests_may_follow_each_other_without_waiting(self):
        request = f"GET {STATUS} HTTP/1.1\r\nhost: x\r\n{self.line}\r\n".encode()
        self.assertEqual(self.send(request * 3).count(b"HTTP/1.1 200 OK"), 3)

    def test_nonsense_is_refused(self):
        for data, status in ((b"nonsense\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nbad\r\n\r\n", 400),
                             (b"GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
                             (b"GET / HTTP/1.1\r\ncontent-length: 9999999999\r\n\r\n", 413),
                             (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", 501),
                             (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000, 431), (b"GET /none HTTP/1.1\r\n\r\n", 404)):
            with self.subTest(data[:40]):
                self.assertEqual(self.send(data)[9:12], str(status).encode())
        self.assertEqual(self.ask()[0], 200)


class Life(unittest.TestCase):
    def test_wrong_usage_is_2_and_no_traceback(self):
        with tempfile.TemporaryDirectory() as folder:
            deep = os.path.join(folder, "deep.json")
            with open(deep, "w", encoding="utf-8") as file:
                file.write('{"steps": ' + "[" * 100_000)
            for options in (("--port", "65536"), ("--port", "-1"), ("--for", "-1"), ("--for", "nan"), ("--scenario", deep)):
                with self.subTest(options):
                    ended = subprocess.run([sys.executable, FOLDER, *options], stdin=subprocess.DEVNULL, timeout=30,
                                           capture_output=True, text=True, check=False)
                    self.assertEqual((ended.returncode, "Traceback" in ended.stderr), (2, False), ended.stderr)

    def test_it_listens_on_this_machine_alone(self):
        with Simulator() as simulator:
            with open(f"/proc/{simulator.pid}/net/tcp", encoding="ascii") as table:
                local = [line.split()[1] for line in table.readlines()[1:] if line.split()[3] == "0A"]
            self.assertIn(f"0100007F:{simulator.port:04X}", local)
            self.assertNotIn(f"00000000:{simulator.port:04X}", local)

    def test_it_ends_when_its_input_closes(self):
        with Simulator() as simulator:
            simulator.ask(STATUS)
        self.assertEqual(simulator.exit_code, 0)

    def test_it_ends_on_a_signal_and_after_its_time(self):
        for options, ended in (((), lambda process: process.send_signal(signal.SIGTERM)), (("--for", "0.1"), lambda _: None)):
            with subprocess.Popen([sys.executable, FOLDER, "--yaml", *options], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                port = json.loads(process.stdout.readline())["port"]
                hanging = socket.create_connection(("127.0.0.1", port))
                ended(process)
                output, errors = process.stdout.read(), process.stderr.read()
                process.wait(timeout=10)
                hanging.close()
                self.assertEqual((process.returncode, errors), (0, b""))
                self.assertIn(f'    polygon: "http://127.0.0.1:{port}/polygon"'.encode(), output)
                self.assertIn(b'\n  polygon_api_key: "simulated-polygon-good-key"\n', output)
                self.assertIn(b'\n  reddit_client_secret: "simulated-reddit-good-secret"\n', output)

    def test_a_configuration_may_use_other_keys(self):
        done = subprocess.run([sys.executable, FOLDER, "--yaml", "--use", "polygon=paid", "--for", "0"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
        self.assertIn(b'\n  polygon_api_key: "simulated-polygon-paid-key"\n', done.stdout)

    def test_wrong_usage_is_told(self):
        for options in (("--limit", "polygon"), ("--limit", "bloomberg=1/1"), ("--scenario", "/nonexistent"), ("--tls", "best"),
                        ("--log-size", "0"), ("--use", "polygon"), ("--use", "polygon=gold"), ("--use", "bloomberg=good")):
            done = subprocess.run([sys.executable, FOLDER, *options], stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
            self.assertEqual((done.returncode, b"error: " in done.stderr, b"Traceback" in done.stderr), (2, True, False), done)

    def test_a_port_that_is_taken_is_told(self):
        with Simulator() as simulator:
            done = subprocess.run([sys.executable, FOLDER, "--port", str(simulator.port)], stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=10)
            self.assertEqual((done.returncode, b"Address already in use" in done.stderr), (3, True), done)

    def test_other_limits_can_be_given_at_the_start(self):
        with Simulator("--limit", "polygon=2/60", "--limit", "fred=none") as simulator:
            headers = bearer(simulator.key("polygon"))
            self.assertEqual([simulator.ask(STATUS, headers)[0] for _ in range(3)], [200, 200, 429])
            path = f"/fred/series?series_id=GNPCA&file_type=json&api_key={simulator.key('fred')}"
            self.assertEqual({simulator.ask(path)[0] for _ in range(50)}, {200})


if __name__ == "__main__":
    unittest.main()
