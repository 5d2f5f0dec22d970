package io.amends.benchmarks.outbox;

/**
 * CPU time in nanoseconds.
 *
 * @param jvm of this process: writers, relay and the consumer that looks on
 * @param broker of the broker's process
 * @param postgres of the server with all its processes
 */
record Cpu(long jvm, long broker, long postgres) {

    static final Cpu NONE = new Cpu(0, 0, 0);

    Cpu since(Cpu before) {
        return new Cpu(jvm - before.jvm, broker - before.broker, postgres - before.postgres);
    }

    long all() {
        return jvm + broker + postgres;
    }
}
