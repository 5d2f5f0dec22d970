package io.amends.spring.boot.autoconfigure.twopc;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.twopc.JdbcParticipant;
import io.amends.twopc.Participant;
import io.amends.twopc.TwoPhaseSettings;
import io.amends.twopc.http.HttpParticipant;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;

/**
 * The participants that are configured, with the pools that were made for them. The pools are no beans: they would take the place
 * of the application's own data source.
 */
final class TwoPhaseParticipants implements DisposableBean {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** For recovery, and for looking what became of a branch whose connection broke. */
    private static final int POOL_RESERVE = 4;

    private final List<Participant> all = new ArrayList<>();
    private final List<HikariDataSource> pools = new ArrayList<>();

    /**
     * In the order of their names.
     *
     * @param log the pool of the decision log
     * @throws InvalidSagaPropertiesException if a bean that is named is not there, or is that of the log
     */
    TwoPhaseParticipants(TwoPhaseProperties properties, BeanFactory beans, DataSource log) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, TwoPhaseProperties.Participant> entry :
                new TreeMap<>(properties.participants()).entrySet()) {
            String name = entry.getKey();
            TwoPhaseProperties.Participant participant = entry.getValue();
            if (participant.uri() != null && participant.secret() != null) {
                all.add(new HttpParticipant(name, participant.uri(), participant.secret(), client));
            } else if (participant.dataSource() != null) {
                try {
                    DataSource bean = beans.getBean(participant.dataSource(), DataSource.class);
                    all.add(new JdbcParticipant(name, bean));
                    // A transaction would hold one of its connections and wait for another, and so would all others.
                    if (bean == log) {
                        problems.add(
                                "saga.twopc.participants.%s.data-source is %s, the pool of the decision log, and a transaction needs connections of both at once. Give the participant a pool of its own: set url, username and password instead, or name another bean."
                                        .formatted(name, participant.dataSource()));
                    }
                } catch (NoSuchBeanDefinitionException missing) {
                    problems.add(
                            "saga.twopc.participants.%s.data-source is %s, but there is no such bean of type DataSource."
                                    .formatted(name, participant.dataSource()));
                }
            } else {
                all.add(JdbcParticipant.limitedByPool(name, pool(name, participant, properties.settings())));
            }
        }
        if (!problems.isEmpty()) {
            destroy();
            throw new InvalidSagaPropertiesException(problems);
        }
    }

    private DataSource pool(String name, TwoPhaseProperties.Participant participant, TwoPhaseSettings settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("twopc-" + name);
        pool.setJdbcUrl(participant.url());
        pool.setUsername(participant.username());
        pool.setPassword(participant.password());
        pool.setMaximumPoolSize(
                participant.poolSize() == null ? settings.concurrency() + POOL_RESERVE : participant.poolSize());
        pool.setMinimumIdle(Math.min(2, pool.getMaximumPoolSize()));
        pool.setConnectionTimeout(CONNECT.toMillis());
        // Saves each branch a round trip.
        pool.setConnectionInitSql(JdbcParticipant.limits(settings));
        // One that is away is told as a warning, and the others go on.
        pool.setInitializationFailTimeout(-1);
        pools.add(pool);
        return pool;
    }

    List<Participant> all() {
        return List.copyOf(all);
    }

    @Override
    public void destroy() {
        pools.forEach(HikariDataSource::close);
    }
}
