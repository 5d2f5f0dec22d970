package io.amends.spring.boot.test.shop;

import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcStock implements Stock {

    private final JdbcClient jdbc;

    JdbcStock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public int pieces(String item) {
        return Objects.requireNonNull(jdbc.sql("select pieces from stock where item = ?")
                .param(item)
                .query(Integer.class)
                .single());
    }

    @Override
    public void set(String item, int pieces) {
        jdbc.sql("insert into stock values (?, ?) on conflict (item) do update set pieces = excluded.pieces")
                .params(item, pieces)
                .update();
    }

    @Override
    public int add(String item, int pieces) {
        return Objects.requireNonNull(jdbc.sql("update stock set pieces = pieces + ? where item = ? returning pieces")
                .params(pieces, item)
                .query(Integer.class)
                .single());
    }
}
