package io.amends.benchmarks.measure;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes a role count what it sends to its database. */
@Configuration(proxyBeanMethods = false)
public class CountedDatabase {

    @Bean
    static BeanPostProcessor countingDataSources(ObjectProvider<JdbcCounts> counts) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource made && !(bean instanceof CountingDataSource)
                        ? new CountingDataSource(made, counts.getObject())
                        : bean;
            }
        };
    }
}
