package io.amends.benchmarks.bank;

import io.amends.benchmarks.measure.JdbcCounts;
import io.amends.benchmarks.process.Answering;
import io.amends.benchmarks.process.RoleContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** The process of a bank. Understands {@code open [name=value ...]}, {@code close} and {@code counts}. */
public final class BankProcess implements Answering.Questioned {

    private final JdbcCounts counts = new JdbcCounts();
    private final RoleContext role;
    private @Nullable ConfigurableApplicationContext context;

    /**
     * Opens nothing yet.
     *
     * @param name the bank's name
     * @param properties where its servers are
     */
    public BankProcess(String name, List<String> properties) {
        this.role = new RoleContext(BankRole.class, name, properties, counts);
    }

    @Override
    public String answer(List<String> words) {
        switch (words.get(0)) {
            case "open" -> context = role.open(words.subList(1, words.size()));
            case "close" -> close();
            case "counts" -> {
                return counts.statements() + " " + counts.commits();
            }
            default -> throw new IllegalArgumentException("A bank does not understand " + words);
        }
        return "done";
    }

    private void close() {
        if (context != null) {
            context.close();
            context = null;
        }
    }
}
