package io.amends.test.kafka;

/** A broker and controller, in this JVM or in a container. Its owner guards it against use by two threads. */
interface KafkaNode {

    /** Starts it, or starts it again on the same port and data. */
    void open();

    /** Stops it and keeps its data, if it runs. */
    void stop();

    /** Deletes its data once it is stopped. */
    void clear();

    /** Where clients connect, the same after a restart. */
    String address();
}
