package io.amends.sample.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be broken, and what a person will see of it in each mode. */
enum Fault {
    BANK_B_STOPPED(
            "bank-b-stopped",
            "Bank B is stopped",
            "Its process is killed with SIGKILL.",
            "Transfers are taken in, their commands wait in Kafka, and they end once bank B is back. No lock is held meanwhile.",
            "New transfers are ABORTED at once. Those that bank B had not yet been told to commit are IN_DOUBT and keep their account at both banks locked.",
            "Start bank B"),
    BANK_B_SLOW(
            "bank-b-slow",
            "Bank B is slow",
            "Each transaction in its database takes a second longer.",
            "A poll of commands is one transaction, so each poll takes a second longer, and not each transfer. It also waits for accounts that two-phase commits have locked, a second at most; then the commands for them wait aside.",
            "Each transfer takes a second longer. Bank A stays prepared while bank B works, so accounts are locked at both banks: transfers with the same account queue, those of sagas too.",
            "Make it quick again"),
    BANK_B_REFUSES(
            "bank-b-refuses",
            "Bank B refuses",
            "All its accounts are closed: a business \"no\".",
            "Bank B rejects, and what was reserved at bank A is released: COMPENSATED. Between the two, others see the held amount.",
            "Bank B votes no, and bank A is rolled back: ABORTED. Nobody ever sees anything of it.",
            "Open its accounts"),
    COORDINATOR_DIES(
            "coordinator-dies",
            "The coordinator dies",
            "The transfer service halts at its next two-phase commit, when both banks are prepared.",
            "The service also runs the sagas: they stop where they are, hold no locks, and go on when it is back.",
            "Transfers under way stay prepared at both banks, with their accounts locked, until it is back. Then they are COMMITTED if that was decided, else ABORTED.",
            "Start the coordinator"),
    ORCHESTRATOR_DIES(
            "orchestrator-dies",
            "The orchestrator dies",
            "The transfer service is killed with SIGKILL, wherever it is.",
            "Sagas stop where they are, hold no locks, and go on when it is back. Replies of the banks wait in Kafka.",
            "Whatever was prepared at that moment stays prepared, with its accounts locked, until it is back.",
            "Start the orchestrator"),
    RELAY_PAUSED(
            "relay-paused",
            "The relay is paused",
            "A stand-by of the transfer service is started, then the service that has the lane is frozen with SIGSTOP.",
            "After the lease is over, the stand-by takes the lane with the next epoch and publishes on. The frozen one, when it wakes, is fenced.",
            "What the frozen coordinator had prepared stays locked until the stand-by, by taking over, writes ABORT. When it wakes it can't commit that any more.",
            "Wake it up"),
    KAFKA_STOPPED(
            "kafka-stopped",
            "Kafka is stopped",
            "The broker is shut down.",
            "Transfers are taken in and wait in the outboxes; they all end once Kafka is back.",
            "Nothing is seen of it: two-phase commit does not use Kafka.",
            "Start Kafka"),
    DUPLICATES(
            "duplicates",
            "Messages are duplicated",
            "Every record of the topics is published once more, old ones first.",
            "The banks and the orchestrator recognise repeats: more work, and the same balances.",
            "Nothing is seen of it: two-phase commit does not use Kafka.",
            "Stop duplicating");

    private final String id;
    private final String title;
    private final String how;
    private final String inSagaMode;
    private final String inTwoPhaseMode;
    private final String undo;

    Fault(String id, String title, String how, String inSagaMode, String inTwoPhaseMode, String undo) {
        this.id = id;
        this.title = title;
        this.how = how;
        this.inSagaMode = inSagaMode;
        this.inTwoPhaseMode = inTwoPhaseMode;
        this.undo = undo;
    }

    /** Its name on the command line and in addresses. */
    String id() {
        return id;
    }

    String title() {
        return title;
    }

    String how() {
        return how;
    }

    String inSagaMode() {
        return inSagaMode;
    }

    String inTwoPhaseMode() {
        return inTwoPhaseMode;
    }

    String undo() {
        return undo;
    }

    static Optional<Fault> named(String id) {
        return Arrays.stream(values()).filter(fault -> fault.id.equals(id)).findFirst();
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Fault::id).toList();
    }
}
