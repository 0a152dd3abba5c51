"""What hostile answers do to the real sandbox: no point, no damage, no process left.

Each attack is the source of a cell that is worth nothing. The canaries are a file
that anybody on this machine may read, write and delete, and listening sockets.
Where Landlock stands alone, the same attacks must fail in the same way.
"""

from __future__ import annotations

import socket
import textwrap
import threading

import pytest
from sandboxes import DENSE, MODES, SOLUTION, graded, name_of, needs, processes

from course.grading import host
from course.grading.host import Student

SECRET = "271828.1828"

# The guarded import is no wall; the sandbox is. So attacks walk around it.
PRELUDE = """
load = np.__builtins__["__import__"]
os, sys, socket, time = (load(name) for name in ("os", "sys", "socket", "time"))
"""

ATTACKS = {
    "monkeypatched NumPy": """
        np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
        np.testing.assert_allclose = lambda *a, **k: None
        np.abs = np.asarray = np.max = lambda *a, **k: 0.0
        def dense(X, W, b):
            return np.zeros((len(X), len(b)))
        """,
    "monkeypatched builtins": """
        b = load("builtins")
        b.abs = b.max = lambda *a, **k: 0.0
        b.isinstance = b.any = b.all = lambda *a: True
        def dense(X, W, b):
            return 0.0
        """,
    "equal to everything": """
        class Yes:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __sub__(self, other): return 0.0
            __rsub__ = __mul__ = __rmul__ = __abs__ = __sub__
            def __float__(self): return 0.0
            def __lt__(self, other): return True
            __gt__ = __le__ = __ge__ = __lt__
        def dense(X, W, b):
            return Yes()
        """,
    "__array__": """
        class Chameleon:
            shape = (4, 2)
            dtype = np.dtype(float)
            def __array__(self, *a, **k): return np.zeros((4, 2))
        def dense(X, W, b):
            return Chameleon()
        """,
    "__array_function__": """
        class Array(np.ndarray):
            def __array_function__(self, *a, **k): return True
            def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)
        def dense(X, W, b):
            return np.zeros((len(X), len(b))).view(Array)
        """,
    "fake numpy": """
        sys.modules["numpy"] = type(sys)("numpy")
        def dense(X, W, b):
            sys.modules["course.grading.protocol"].pack = lambda m: b""
            return "right"
        """,
    "frames": """
        def dense(X, W, b):
            frame, wanted = sys._getframe(), (len(X), len(b))
            while frame:
                for value in list(frame.f_locals.values()):
                    if getattr(value, "shape", 0) == wanted and value is not X:
                        return value
                frame = frame.f_back
        """,
    "gc": """
        gc = load("gc")
        def dense(X, W, b):
            for thing in gc.get_objects():
                if getattr(type(thing), "__name__", "") in ("Code", "Property"):
                    return thing.solution
        """,
    "files": """
        def dense(X, W, b):
            with open("{secret}") as file:
                return float(file.read())
        """,
    "the grader's memory": """
        def dense(X, W, b):
            with open(f"/proc/{{os.getppid()}}/mem", "rb") as memory:
                return memory.read(1).decode()
        """,
    "the environment of all": """
        def dense(X, W, b):
            for pid in os.listdir("/proc"):
                if pid.isdigit() and int(pid) != os.getpid():
                    text = open(f"/proc/{{pid}}/environ", "rb").read()
                    return text.decode()
        """,
    "loop in the function": """
        def dense(X, W, b):
            while True:
                pass
        """,
    "loop in the cell": """
        while True:
            time.sleep(0.01)
        """,
    "8 GB": """
        def dense(X, W, b):
            return np.ones(10**9) @ np.ones(10**9)
        """,
    "8 GB in pieces": """
        def dense(X, W, b):
            pieces = []
            while True:
                pieces.append(bytearray(2**26))
        """,
    "os._exit": """
        def dense(X, W, b):
            os._exit(0)
        """,
    "sys.exit": """
        sys.exit(0)
        """,
    "signals to the parent": """
        def dense(X, W, b):
            for sig in (15, 9):
                for pid in (os.getppid(), 1, {pid}, -1):
                    try:
                        os.kill(pid, sig)
                    except OSError:
                        pass
            os.kill(0, 9)
        """,
    "a group that waits": """
        def dense(X, W, b):
            os.kill(os.getpid(), 19)
        """,
    "200 forks": """
        def dense(X, W, b):
            for _ in range(200):
                try:
                    if os.fork() == 0:
                        os.setsid()
                        time.sleep(1000)
                except OSError:
                    pass
            return X
        """,
    "a fork that forks": """
        def dense(X, W, b):
            try:
                if os.fork() == 0:
                    while True:
                        try:
                            if os.fork():
                                os._exit(0)
                        except OSError:
                            pass
            except OSError:
                pass
            return X
        """,
    "writes outside": """
        def dense(X, W, b):
            for path in ("{canary}", "/etc/backprop", "/usr/lib/backprop", "{home}/x"):
                try:
                    with open(path, "w") as file:
                        file.write("owned")
                except OSError:
                    pass
        """,
    "deletes outside": """
        def dense(X, W, b):
            load("shutil").rmtree("/", ignore_errors=True)
            load("shutil").rmtree("{home}", ignore_errors=True)
            os.unlink("{canary}")
        """,
    "TCP": """
        def dense(X, W, b):
            socket.create_connection(("127.0.0.1", {tcp}), 1).sendall(b"owned")
        """,
    "UDP": """
        def dense(X, W, b):
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.sendto(b"owned", ("127.0.0.1", {udp}))
        """,
    "UNIX socket": """
        def dense(X, W, b):
            unix = socket.socket(socket.AF_UNIX)
            unix.connect("{unix}")
            unix.sendall(b"owned")
        """,
    "abstract socket": """
        def dense(X, W, b):
            unix = socket.socket(socket.AF_UNIX)
            unix.connect("\\0{abstract}")
            unix.sendall(b"owned")
        """,
    "new namespaces": """
        def dense(X, W, b):
            libc = load("ctypes").CDLL(None)
            return float(libc.unshare(0x10000000) == 0)
        """,
    "50 MB printed": """
        def dense(X, W, b):
            for _ in range(50):
                print("x" * 10**6)
            for fd in (0, 1, 2):
                try:
                    os.write(fd, b"y" * 10**6)
                except OSError:
                    pass
            sys.stdout.close()
            return X
        """,
    "a full disk": """
        def dense(X, W, b):
            for k in range(100):
                with open(f"/tmp/{{k}}", "wb") as file:
                    file.write(bytes(2**22))
        """,
    "threads and atexit": """
        def forever():
            while True:
                time.sleep(0.01)
        for _ in range(2):
            try:
                load("threading").Thread(target=forever).start()
            except RuntimeError:
                pass
        load("atexit").register(forever)
        def dense(X, W, b):
            return X
        """,
    "raises a hidden input": """
        def dense(X, W, b):
            raise type(repr(X), (Exception,), {{}})(repr(X))
        """,
    "raises no exception": """
        class Quiet(BaseException):
            def __str__(self): raise SystemExit
        def dense(X, W, b):
            raise Quiet
        """,
    "closes its link": """
        def dense(X, W, b):
            os.closerange(3, 64)
            return X
        """,
}
FORGERIES = {
    "huge": 'struct.pack(">I", 2**31) + bytes(2**20)',
    "negative": 'struct.pack(">i", -1) + bytes(100)',
    "empty": "bytes(4)",
    "nested": "framed(b'{\"m\": ' + b'[' * 10**5 + b']' * 10**5 + b', \"a\": []}')",
    "not JSON": "framed(bytes(range(256)))",
    "not a number": """framed(b'{"m": {"id": NaN, "value": NaN}, "a": []}')""",
    "an array too large": (
        """framed(b'{"m": {"id": "", "value": {"a": 0}}, '"""
        """b'"a": [["<f8", [4611686018427387904, 4]]]}')"""
    ),
    "an array of objects": """framed(b'{"m": {"id": ""}, "a": [["|O8", [1]]]}', 8)""",
    "a negative shape": """framed(b'{"m": {"id": ""}, "a": [["<f8", [-1]]]}', 8)""",
    "an array not there": """framed(b'{"m": {"value": {"a": -1}}, "a": []}')""",
    "a wrong id": """framed(b'{"m": {"id": "0000", "value": 1.0}, "a": []}')""",
    "a score": """framed(b'{"m": {"score": 5, "passed": true}, "a": []}')""",
    "a long integer": "framed(b'{\"m\": {\"id\": ' + b'9' * 10**5 + b'}, \"a\": []}')",
}
for forgery, text in FORGERIES.items():
    ATTACKS[f"forged: {forgery}"] = f"""
        struct = load("struct")
        def framed(header, rest=0):
            size = 4 + len(header) + rest
            return struct.pack(">II", size, len(header)) + header + bytes(rest)
        def dense(X, W, b):
            message = {text.replace("{", "{{").replace("}", "}}")}
            for fd in range(3, 64):
                try:
                    os.write(fd, message)
                except OSError:
                    pass
            os._exit(0)
        """
ATTACKS["forged: a slow drip"] = """
    def dense(X, W, b):
        while True:
            for fd in range(3, 64):
                try:
                    os.write(fd, bytes(1))
                except OSError:
                    pass
            time.sleep(0.05)
    """


class Canaries:
    """A file and sockets that must not be touched."""

    def __init__(self, folder):
        self.home = folder
        folder.chmod(0o777)
        for parent in list(folder.parents)[:3]:
            parent.chmod(parent.stat().st_mode | 0o5)
        self.file = folder / "canary"
        self.secret = folder / "secret"
        self.file.write_text("alive")
        self.secret.write_text(SECRET, encoding="utf-8")
        for path in (self.file, self.secret):
            path.chmod(0o666)
        self.abstract = f"backprop-{id(self)}"
        self.unix = folder / "unix"
        self.sockets = [
            self._listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            self._listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            self._listen(socket.AF_UNIX, socket.SOCK_STREAM, str(self.unix)),
            self._listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.abstract),
        ]
        self.unix.chmod(0o777)

    def _listen(self, family, kind, address):
        sock = socket.socket(family, kind)
        sock.bind(address)
        if kind == socket.SOCK_STREAM:
            sock.listen()
        sock.setblocking(False)
        return sock

    def places(self):
        tcp, udp = (s.getsockname()[1] for s in self.sockets[:2])
        return {
            "canary": self.file,
            "secret": self.secret,
            "home": self.home,
            "tcp": tcp,
            "udp": udp,
            "unix": self.unix,
            "abstract": self.abstract,
            "pid": threading.get_native_id(),
        }

    def touched(self):
        """Return what was done to the canaries."""
        found = []
        if not self.file.exists() or self.file.read_text() != "alive":
            found.append("file")
        if sorted(p.name for p in self.home.iterdir()) != ["canary", "secret", "unix"]:
            found.append("folder")
        for sock in self.sockets:
            try:
                if sock.type == socket.SOCK_STREAM:
                    sock.accept()[0].close()
                else:
                    sock.recv(9)
            except BlockingIOError:
                continue
            found.append(f"socket: {sock.getsockname()}")
        return found

    def close(self):
        for sock in self.sockets:
            sock.close()


@pytest.fixture
def canaries(tmp_path):
    made = Canaries(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module", params=MODES)
def mode(request):
    return needs(request.param)


@pytest.fixture
def short(monkeypatch):
    """Loops are stopped as in earnest, only sooner."""
    monkeypatch.setattr(host, "CALL_SECONDS", 1.0)
    monkeypatch.setattr(host, "CELL_SECONDS", 1.0)
    monkeypatch.setattr(host, "ANSWER_SECONDS", 4.0)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gets_no_point_and_does_no_damage(attack, mode, canaries):
    source = PRELUDE + textwrap.dedent(ATTACKS[attack]).format(**canaries.places())
    with Student(mode) as student:
        student.sandbox(False)
        names = {name_of(student.sandbox(False))}
        result = graded(student, source)
        # The next answer of the same student is none the worse for it.
        after = graded(student, SOLUTION)
        names.add(name_of(student.sandbox(False)))
    assert result.score == 0
    assert canaries.touched() == []
    assert after.score == DENSE.points
    assert [pid for name in names for pid in processes(name)] == []
    assert SECRET not in str(result)


def test_the_same_canaries_are_within_reach_without_a_sandbox(canaries):
    """Else the tests above could not fail."""
    places = canaries.places()
    reach = ("writes outside", "TCP", "UDP", "UNIX socket", "abstract socket")
    with Student("unsafe") as student:
        for attack in reach:
            source = textwrap.dedent(ATTACKS[attack]).replace("/etc/", "/nowhere/")
            source = source.replace("/usr/lib/", "/nowhere/")
            graded(student, PRELUDE + source.format(**places))
    touched = canaries.touched()
    assert {"file", "folder"} <= set(touched)
    assert len([what for what in touched if what.startswith("socket")]) == 4


def test_a_hidden_input_does_not_leave_by_an_exception(mode):
    source = "def dense(X, W, b):\n    raise ValueError(f'{X}')\n"
    with Student(mode) as student:
        result = graded(student, source)
    assert {p.message for p in result.properties} == {
        "ValueError in line 2 of your cell."
    }


def test_the_honest_part_of_an_answer_is_paid(mode):
    source = PRELUDE + (
        "def dense(X, W, b):\n    if len(X) == 1: os._exit(0)\n    return X @ W + b\n"
    )
    with Student(mode) as student:
        result = graded(student, source)
    assert [p.got for p in result.properties] == [0, 2, 2]
