"""Refuse system calls that no exercise needs, as a second wall.

Without it a user namespace could be made inside a sandbox started by root. And
where Landlock stands alone, code could still use UDP, UNIX sockets (a session bus
starts programs) and io_uring, change the modes, owners and times of the user's
files, and the limits, priorities and shared memory of the user's processes. A filter
is a small program that the kernel runs on each system call's number; see seccomp(2).
Threads and forks are left alone.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

# What is refused, by its number on x86-64 and on arm64; 0 where there is none. The
# worker has set its own limits before.
_CALLS = {
    "socket": (41, 198),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    "ptrace": (101, 117),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "clone3": (435, 435),
    "chmod": (90, 0),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, 0),
    "fchown": (93, 55),
    "lchown": (94, 0),
    "fchownat": (260, 54),
    "utime": (132, 0),
    "utimes": (235, 0),
    "futimesat": (261, 0),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "process_madvise": (440, 440),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "syslog": (103, 116),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}
_CLONE = (56, 220)
_PRLIMIT = (302, 261)  # of oneself, process 0, it is asked by the C library
_AUDIT = (0xC000003E, 0xC00000B7)
_MACHINES = ("x86_64", "aarch64")
# CLONE_NEW* of namespaces: time, mount, cgroup, uts, ipc, user, pid, net.
_NAMESPACES = 0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x70000000
_X32 = 0x40000000  # x86-64's second numbering

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16  # offsets in seccomp_data


def supported() -> bool:
    """Whether this module knows the machine's system calls.

    Returns
    -------
    bool
    """
    return platform.machine() in _MACHINES and ctypes.sizeof(ctypes.c_void_p) == 8


def program(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the filter as (code, jump if true, jump if false, constant).

    Parameters
    ----------
    machine : str
        "x86_64" or "aarch64".

    Returns
    -------
    list of (int, int, int, int)
    """
    which = _MACHINES.index(machine)
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    # "No such call" makes the C library fall back to clone, whose flags show.
    unknown = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    lines = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, _AUDIT[which]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        refuse,
    ]
    for name, numbers in _CALLS.items():
        if numbers[which]:
            answer = unknown if name == "clone3" else refuse
            lines += [(_EQUAL, 0, 1, numbers[which]), answer]
    return [
        *lines,
        (_EQUAL, 0, 4, _PRLIMIT[which]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, 0),
        refuse,
        (_RETURN, 0, 0, _ALLOW),
        (_EQUAL, 0, 3, _CLONE[which]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NAMESPACES),
        refuse,
        (_RETURN, 0, 0, _ALLOW),
    ]


def restrict() -> bool:
    """Install the filter for this process and its children, for good.

    Returns
    -------
    bool
        False on a machine whose numbers are not known here.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if not supported():
        return False
    lines = program(platform.machine())
    code = ctypes.create_string_buffer(
        b"".join(struct.pack("=HBBI", *line) for line in lines)
    )

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    fprog = Program(len(lines), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privs, set_seccomp = 38, 22
    zero, one, filter_mode = map(ctypes.c_ulong, (0, 1, 2))
    if prctl(no_new_privs, one, zero, zero, zero) or prctl(
        set_seccomp, filter_mode, ctypes.byref(fprog), zero, zero
    ):
        raise OSError(ctypes.get_errno(), "seccomp refused")
    return True
