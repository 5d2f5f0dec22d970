insert into stock (article, available) values ('book', 10) on conflict do nothing;
