package io.amends.benchmarks.twopc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** CPU time, user and system, that a process has had. Linux tells it in ticks of 10 ms. */
final class CpuTime {

    private static final long NANOS_PER_TICK = 10_000_000;

    private CpuTime() {}

    /** In nanoseconds; 0 if the system does not tell. */
    static long of(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Of a process, its children, and on Linux those that have ended, such as PostgreSQL's back ends. */
    static long ofFamily(ProcessHandle parent) {
        return of(parent)
                + ended(parent.pid())
                + parent.children().mapToLong(CpuTime::of).sum();
    }

    /** See proc(5): fields 16 and 17, counted from behind the command's name, which may hold anything. */
    private static long ended(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * NANOS_PER_TICK;
        } catch (IOException noSuchFile) {
            return 0;
        }
    }
}
