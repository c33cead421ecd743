"""Which of the two languages a message is in."""

from agent.offline.lexicon import word_set
from agent.offline.tokens import Text
from agent.words import Language

_MARKS: dict[Language, frozenset[str]] = {
    "en": word_set(
        "the a an is are was were to of for with and on in at my your you i it this that what how why which",
        "who please create make start stop pause delete remove show list trade trades trading bot's run set",
        "change increase decrease all both every strategy each per when if not dont do does can could would",
        "should will have has want need hello hi hey thanks thank yes help long called named stake profit",
        "price pairs limits them its whats new first second one two fifty dollars using use be am don't isn't",
        "good morning from by but without into about never explain mean means between difference chart get no",
        "buy sell analyze analyse market turn off up resume rename update edit add raise block enable",
        "withdraw money everything nothing panic emergency confirm approve lock unlock close cancel order orders",
        "proposal proposals guard refused allow only keep let cap lose loss daily deny",
    ),
    "pt-BR": word_set(
        "o os um uma uns de do da dos das para pra pro por com sem em no na nos nas ao e ou que qual quais",
        "como quanto quando quem meu meus minha minhas voce vc eu ele ela eles nao sim crie cria criar inicie",
        "inicia iniciar pare parar pausa pausar exclua apaga mostre mostra liste lista operacao operacoes",
        "robo robos estrategia valor todos tudo ambos dois favor obrigado obrigada valeu oi ola bom dia boa",
        "tarde noite ajuda esta estao ta foi ser sao quero preciso gostaria pode poderia chamado chamada nome",
        "cada alvo perda lucro preco pares limites dinheiro mude muda troque troca coloque aumente diminua",
        "adicione remova se mas mais menos muito isso esse este agora depois entao tambem ja ainda dolares",
        "reais cinquenta novo nada nunca compre venda saque analise analisa mercado renomeie edite atualize",
        "use usa significa explica deixa liga desliga desligue encerre ligue rode roda pausada pausado retome",
        "sobe monta monte faz faca bora velas grafico primeiro segundo panico emergencia cancele cancela ordem ordens",
        "confirmo confirme confirma aprovo aprove proposta propostas recuse nego feche fecha zera zere trave trava",
        "destrave destrava bloqueie bloqueia desbloqueie libere limite guarda recusou recusadas codigo maxima diaria",
        "perdas entradas vende venda",
    ),
}


def detect(text: Text) -> Language | None:
    """The language whose words are more; None where neither has more, as in "50" or "BTC"."""
    words = [token.word for token in text.tokens if token.kind == "word"]
    english = sum(word in _MARKS["en"] for word in words)
    portuguese = sum(word in _MARKS["pt-BR"] for word in words) + 2 * _has_tilde(text.raw)
    if english == portuguese:
        return None
    return "en" if english > portuguese else "pt-BR"


def _has_tilde(raw: str) -> bool:
    return any(letter in "ãõçêáéíóúâôà" for letter in raw.casefold())
