"""The panic sentence: what presses, what sells too, and what is left to the model."""

import pytest

from agent.alarm import bare, hear
from agent.offline.language import detect
from agent.offline.reading import read
from agent.offline.tokens import MOST_CHARACTERS, read_text

STOPS = """
panic
PANIC!!
Panic.
panic stop
panic-stop!
panic now
panic!!! now!!!
panic immediately
panic, please, now!
please panic
ok panic
yes, panic
Tradehelm, panic!
hit panic
press panic
hit the panic button
please press the panic button now
push the panic button
trigger the panic stop
activate the panic stop
turn on panic
engage panic mode
/panic
kill switch
hit the kill switch
emergency
EMERGENCY STOP!
emergency stop now
panic, stop everything
panic! stop all bots!
stop everything now
stop everything immediately
stop all trading now
🚨 PANIC 🚨
pânico
panico
PÂNICO!
pânico agora
pânico já!
por favor, pânico
modo pânico
botão de pânico
aperte o botão de pânico
aperta o pânico
acione a parada de emergência
ligue o pânico
ative o pânico
parada de pânico
parada de emergência
parada de emergência agora
emergência!
pânico, pare tudo
pare tudo agora
para tudo agora!
pa\u0302nico
PA\u0302NICO agora!
"panic"
“panic”
“Panic!”
"pânico"
 “pânico agora”
Help, panic!
help! panic!
panic, help!
socorro, pânico
SOCORRO! PÂNICO!
ajuda, pânico
pânico! socorro!
"""

SELLS = """
panic and sell everything
panic, sell all
panic: sell everything
panic sell everything
panic! sell everything now
panic and sell all my positions
panic and close all positions
panic, exit everything
panic exit
/panic exit
panic with exit
sell everything and panic
hit the panic button and sell everything
stop everything now and sell everything
emergency stop and close everything
pânico e venda tudo
pânico, vende tudo
pânico! venda tudo agora
pânico e vender tudo
pânico e zere tudo
pânico e feche todas as posições
pânico e venda todas as minhas posições
emergência, venda tudo agora
"""

LEFT_TO_THE_MODEL = """
what is panic?
what is panic
panic?
panic？
panic!?
did I panic?
did i panic
should I panic
is panic on
why panic
how does panic work
explain panic
what happens if I say panic
shall we panic?
can you panic?
don't panic
do not panic
please don't panic
never panic
no panic
no, panic
no emergency
let's not panic
without panic
panic but don't sell
panic? no
release panic
release the panic stop
release panic and sell everything
stop the panic
stop panic
stop all the panic
stop emergency stop
end panic
end the panic stop
lift panic
cancel panic
undo panic
unpanic
panic off
turn off panic
clear panic
disable panic mode
exit panic mode
close the panic
the panic is over
panic is on
panic was pressed
I pressed panic
who pressed panic
people panic
market panic
panic in the market
panic selling
sell the panic
buy when others panic
if BTC drops, panic
panic if BTC drops
panic tomorrow
panic in 5 minutes
panic for an hour
panic later
maybe panic
wait, panic
"panic" he said
"panic" or "help"
'panic'
“what is panic”
help, what is panic
help, panic?
help panic
help with panic
help: panic
help me understand panic
he said "panic"
my friend says panic
> panic
`panic`
```panic```
the log says: panic
bot log: panic
kernel panic
create a bot named panic
rename alpha to panic
start panic
panic alpha
panic stop alpha
panic BTC
panic except alpha
panic and start alpha
panic but keep alpha running
panic and buy the dip
panic and sell
panic and sell half
panic and sell BTC
panic and sell alpha
panic or sell everything
panic trades
emergency fund
emergency stop loss
emergency exit strategy
sell everything
stop everything
stop all bots
stop alpha
stop
no more entries anywhere
stop buying anything
picnic
o que é pânico?
o que é pânico
pânico?
o que faz o pânico
como funciona o botão de pânico
devo entrar em pânico?
não entre em pânico
nao entre em panico
sem pânico
não aperte o botão de pânico
fim do pânico
pare o pânico
parar o pânico
solte o pânico
libere o pânico
cancele o pânico
desligue o pânico
sai do pânico
acabou o pânico
o pânico acabou
o pânico está ligado?
apertei o pânico
estou em pânico
o mercado está em pânico
pânico no mercado
se cair, pânico
pânico amanhã
pânico em 5 minutos
crie um robô chamado pânico
ele disse pânico
“o que é pânico”
socorro
socorro, o mercado está em pânico
estou entrando em pânico, socorro
síndrome do pânico
pare tudo
venda tudo
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("said", lines(STOPS))
def test_hear_when_it_is_the_sentence_then_it_stops(said: str) -> None:
    assert hear(said) == "stop"


@pytest.mark.parametrize("said", lines(SELLS))
def test_hear_when_all_is_to_be_sold_too_then_it_sells(said: str) -> None:
    assert hear(said) == "stop and sell"


@pytest.mark.parametrize("said", lines(LEFT_TO_THE_MODEL))
def test_hear_when_it_could_mean_anything_else_then_it_is_left_to_the_model(said: str) -> None:
    assert hear(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "...",
        "> he wrote: sell\npanic",
        "```\nlog\n```\npanic",
        "panic\n\nBTC fell by 20 % over night and I do not know what to make of it.",
        "panic " * 11,
        "panic " * MOST_CHARACTERS,
        "please just press the panic button right now and sell everything immediately please",
    ],
)
def test_hear_when_it_is_empty_or_long_or_beside_other_texts_then_it_is_left_to_the_model(said: str) -> None:
    assert hear(said) is None


@pytest.mark.parametrize("said", [*lines(STOPS), *lines(SELLS)])
def test_hear_when_it_presses_then_the_interpreter_does_just_that(said: str) -> None:
    plain = bare(said)
    (step,) = read(plain, detect(read_text(plain)) or "pt-BR").steps
    assert (step.verb, dict(step.settings)) == ("panic", {"exit": True} if hear(said) == "stop and sell" else {})


@pytest.mark.parametrize("said", ["no panic", "no emergency", "don't panic", "não entre em pânico"])
def test_read_when_there_is_no_panic_then_the_interpreter_presses_nothing_either(said: str) -> None:
    assert not any(step.verb == "panic" for step in read(said, "en").steps)
