package io.amends.benchmarks.protection;

import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TraceHeaders;
import io.amends.runtime.security.KeysInMemory;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.ProtectionSettings;
import io.amends.runtime.security.ProtectionSettings.Sealing;
import io.amends.runtime.security.ProtectionSettings.Signing;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.CommandKind;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes commands and reads them, in one thread and without a database or a broker, and prints microseconds for each. See
 * docs/guides/message-security.md for the command.
 */
public final class ProtectionCost {

    private static final int WARM_UP = 100_000;
    private static final int MEASURED = 200_000;
    private static final UUID SAGA = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0001L);

    private ProtectionCost() {}

    /** Prints a line for each way and size. */
    public static void main(String[] arguments) {
        Signing signing = new Signing("s", true, Set.of());
        Sealing sealing = new Sealing("e", true);
        for (int size : new int[] {200, 2_000, 20_000}) {
            print("as it is", size, MessageSecurity.NONE);
            print("signed", size, protection(signing, null));
            print("encrypted", size, protection(null, sealing));
            print("signed and encrypted", size, protection(signing, sealing));
        }
    }

    private static MessageProtection protection(@Nullable Signing signing, @Nullable Sealing sealing) {
        return new MessageProtection(
                new ProtectionSettings(signing, sealing),
                new KeysInMemory(Map.of("s", key(1)), Map.of("e", key(2))),
                new SecureRandom()::nextBytes);
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void print(String way, int size, MessageSecurity security) {
        MessageFactory messages =
                new MessageFactory(() -> SAGA, () -> 0, "application/json", TraceHeaders.NONE, security);
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) '1');
        int times = size > 10_000 ? MEASURED / 5 : MEASURED;
        run(messages, payload, Math.min(times, WARM_UP));
        double[] micros = run(messages, payload, times);
        System.out.printf("%,6d bytes, %-20s  make %6.2f us  read %6.2f us%n", size, way, micros[0], micros[1]);
    }

    /** Microseconds for making one, and for reading one. */
    private static double[] run(MessageFactory messages, byte[] payload, int times) {
        CommandHeader header = new CommandHeader(SAGA, "transfer", 1, "debit", CommandKind.ACTION, 1, 1, 5, 0, null);
        long began = System.nanoTime();
        OutboxMessage message = messages.command(header, "bank-a", "debit", payload);
        for (int i = 1; i < times; i++) {
            message = messages.command(header, "bank-a", "debit", payload);
        }
        long made = System.nanoTime();
        InboundRecord record = new InboundRecord(
                message.topic(),
                0,
                0,
                message.key().getBytes(StandardCharsets.UTF_8),
                message.payload(),
                message.headers());
        long bytes = 0;
        for (int i = 0; i < times; i++) {
            messages.security().verify(record);
            bytes += messages.security().open(SagaMessage.command(record)).payload().length;
        }
        long read = System.nanoTime();
        if (bytes != (long) times * payload.length) {
            throw new IllegalStateException("A payload is not what it was.");
        }
        return new double[] {(made - began) / 1e3 / times, (read - made) / 1e3 / times};
    }
}
