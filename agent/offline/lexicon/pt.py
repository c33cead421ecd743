"""What Portuguese words mean to the interpreter: a tag, and the phrases that stand for it; accents do not matter."""

PHRASES = {
    "do:create": (
        "crie|cria|criar|crie me|monte|monta|montar|gere|gera|gerar|sobe|suba|subir|construa|construir|constroi"
        "|configure um bot|configura um bot|configurar um bot|novo bot|novo robo|mais um bot|outro bot|abre um bot"
        "|abra um bot|abrir um bot|faca um bot|faz um bot|fazer um bot|faca um robo|faz um robo|fazer um robo"
        "|faca um novo bot|fazer um novo bot|adicione um bot|adiciona um bot|crie um novo|programe um bot"
        "|programa um bot|cadastre|cadastra|cadastrar|faz pra mim um bot|faz ai um bot"
    ),
    "do:make": (
        "coloque|coloca|colocar|ponha|poe|por o|bote|bota|botar|deixe|deixa|deixar|faca|faz|fazer|passe|passa"
        "|passar|mantenha|mantem|mete|meta|meter"
    ),
    "do:start": (
        "inicie|inicia|iniciar|comece|comeca|comecar|ligue|liga|ligar|ative|ativa|ativar|rode|roda|rodar|execute"
        "|executa|executar|starta|starte|startar|da start|de start|dar start|da start no|retome|retoma|retomar"
        "|despausa|despause|despausar|continue|continua|continuar|reative|reativa|reativar|da play|de play|dar play"
        "|acione|aciona|acionar|religue|religa|religar|volte|volta|da partida|bota pra rodar|poe pra rodar"
        "|coloca pra rodar|coloque para rodar|da inicio|de inicio|dar inicio|habilite|habilita|habilitar|dispare"
        "|dispara|arranque|arranca|arrancar|poe a correr|por a correr|ponha a correr|poe o a correr|poe a a correr"
        "|poe no a correr|poe na a correr|poe los a correr|po lo a correr|po la a correr|mete o a correr|mete a correr"
        "|mete lo a correr|ponha o a correr|coloca o a correr|dar lhe inicio"
    ),
    "do:pause": (
        "pause|pausa|pausar|suspenda|suspende|suspender|da uma pausa|de uma pausa|dar uma pausa|congele|congela"
        "|congelar|segura|segure|da pausa|de pausa|da um pause|segurar|da um tempo|da pause|pausa ai"
    ),
    "do:stop": (
        "pare|parar|desligue|desliga|desligar|encerre|encerra|encerrar|interrompa|interrompe|interromper|finalize"
        "|finaliza|finalizar|mate|mata|matar|stopa|stope|stopar|desative|desativa|desativar|pare de rodar"
        "|pare de operar|parar de operar|termine|termina|terminar|derrube|derruba|derrubar|da stop|de stop no"
        "|para de operar|para de rodar|desabilite|desabilita|desabilitar|parem|pare com|para ai"
    ),
    "do:stop?": "para",
    "do:delete": (
        "exclua|exclui|excluir|apague|apaga|apagar|deleta|deletar|delete|elimine|elimina|eliminar|se livra|se livre"
        "|livre se|joga fora|jogue fora|jogar fora|descarte|descarta|descartar|se livrar|livra se|some com|suma com"
        "|destrua|destroi"
    ),
    "do:remove": "remova|remove|remover|retire|retira|retirar|tire|tira|tirar",
    "do:add": "adicione|adiciona|adicionar|inclua|inclui|incluir|acrescente|acrescenta|acrescentar|junte",
    "do:edit": (
        "mude|muda|mudar|altere|altera|alterar|edite|edita|editar|atualize|atualiza|atualizar|troque|troca|trocar"
        "|ajuste|ajusta|ajustar|use|usa|usar|defina|define|definir|modifique|modifica|modificar|configure|configura"
        "|configurar|reconfigure|substitua|substitui|substituir"
    ),
    "do:more": "aumente|aumenta|aumentar|suba o|sobe o|eleve|eleva|elevar|suba|incremente|incrementa|subir o",
    "do:less": "diminua|diminui|diminuir|reduza|reduz|reduzir|abaixe|abaixa|abaixar|baixe|baixa|baixar|corte",
    "do:double": "dobre|dobra|dobrar|duplique o valor|duplica o valor|dobre o",
    "do:halve": (
        "corte pela metade|reduza pela metade|reduza a metade|divida por dois|diminua pela metade|corta pela metade"
    ),
    "do:rename": "renomeie|renomeia|renomear|rebatize",
    "do:restart": "reinicie|reinicia|reiniciar|restarta|reseta|resetar|da um restart|resete|reboota",
    "do:trade": (
        "automatizar|automatize|comecar a operar|comece a operar|comeca a operar|comecar a negociar|operar|opere"
        "|opera|negociar|negocie|negocia|tradar|trade"
    ),
    "first:create": "crio|faco|monto",
    "first:start": "inicio|ligo|ativo|comeco|rodo",
    "first:pause": "pauso|suspendo",
    "first:stop": "paro|desligo|encerro|interrompo",
    "first:delete": "excluo|apago|deleto|removo",
    "first:edit": "mudo|altero|edito|troco|ajusto",
    "do:clone": "clone|clona|clonar|copie|copia|copiar|duplique|duplica|duplicar|replique",
    "do:buy": (
        "compre|compra|comprar|abra uma operacao|abre uma operacao|abra uma posicao|coloque uma ordem"
        "|bota uma ordem|envie uma ordem|faca uma compra|mande uma ordem|abrir uma posicao"
    ),
    "do:sell": (
        "venda|feche tudo|fecha tudo|feche todas as minhas posicoes|feche minhas operacoes|feche minhas posicoes"
        "|vende|vender|feche a operacao|fecha a operacao|feche as operacoes|feche todas as operacoes|zere|zera"
        "|zerar|liquide|liquida|liquidar|feche a posicao|feche as posicoes|feche todas as posicoes|fechar posicao"
        "|encerre as operacoes|encerre a operacao|encerre todas as operacoes"
    ),
    "do:withdraw": (
        "manda meu dinheiro|manda o meu dinheiro|envia meu dinheiro|mande o dinheiro|manda o dinheiro|saque|saca"
        "|sacar|retire meu dinheiro|transfira|transfere|transferir|resgate|resgata|resgatar|mande meu dinheiro"
        "|retirar meu dinheiro|faca um saque|fazer um saque|faca um pix|fazer um pix|manda um pix"
        "|envie meu dinheiro|retira meu dinheiro|tira meu dinheiro"
    ),
    "do:show": (
        "mostre|mostra|mostrar|me mostra|me mostre|mostre me|liste|lista|listar|exiba|exibe|exibir|ver|veja|ve"
        "|quero ver|me da|me de|apresente|abre|abra|me lista|me liste|traga|traz|cade|consulta|consulte|consultar"
        "|verifica|verifique|verificar|confere|confira|resuma|resume|monitora|monitore|acompanha|manda|mande|olha"
        "|olhe|checa|cheque|da uma olhada|de uma olhada|me passa"
    ),
    "do:analyze": (
        "analise|analisa|analisar|analise de|analise do|analise da|analise tecnica|analise de mercado"
        "|faca uma analise|faz uma analise|avalie|avalia|avaliar|estude|estuda|fazer uma analise|escaneie"
    ),
    "particle:hold": "em pausa|na pausa|pausado|em espera",
    "particle:run": (
        "pra rodar|para rodar|rodando|pra funcionar|para funcionar|pra trabalhar|para trabalhar|no ar|em execucao"
        "|pra rodar de novo|a rodar|pra operar|para operar|ligado|pra rodar ja|em acao|ativo|a correr|a funcionar"
        "|a trabalhar|em marcha"
    ),
    "lead": (
        "por favor|por enquanto|me fala|me diz|me diga|me fale|me conta|me conte|fala|diga|pfv|pf|pfvr|favor"
        "|por gentileza|agora|ok|entao|ai|ja|ja pode|tambem|depois|em seguida|dai|e ai|eu|nos|quero|quero que voce"
        "|quero que|queria|queria que|queria que voce|gostaria|gostaria de|gostaria que|gostaria que voce|preciso"
        "|preciso de|preciso que|preciso que voce|voce|vc|vamos|bora|vamo|sim|isso|beleza|certo|ola|oi|opa|por fim"
        "|primeiro|primeiro de tudo|imediatamente|logo|rapido|tem que|tenho que|deve|me|me ajuda a|me ajude a"
        "|ajude me a|tente|tenta|tentar|se possivel|se puder|se der|se nao for incomodo|quando terminar"
        "|quando acabar|quando estiver pronto|assim que terminar|assim que criar|assim que estiver pronto"
        "|quando criar|quando ficar pronto|depois de criar|depois disso|apos isso|ao final|assistente|tradehelm"
        "|desejo|vai|va|vou|por obsequio|so|apenas|finalmente|logo em seguida|na sequencia|a seguir|pois|olha|cara"
        "|mano|amigo por favor|blz|show|perfeito|otimo|legal|obrigado|obrigada|valeu|de novo|novamente|desculpa"
        "|desculpe|na verdade|melhor|cuida de|trata de|pra mim|hoje|galera|precisa|precisava|precisava que"
        "|precisava que voce|queremos|necessito|tenho interesse em|hey|ei|ta|tudo bem|espera|to querendo"
        "|estou querendo|se faz favor|faz favor|sff|gostava|gostava de|gostava que|por favor ja"
    ),
    "polite": (
        "pode|voce pode|vc pode|poderia|voce poderia|vc poderia|consegue|voce consegue|vc consegue|da pra|da para"
        "|tem como|seria possivel|e possivel|se importa de|voce se importa de|voce pode por favor|pode por favor"
        "|podia|voce podia|poderias|da pra voce|tem jeito de|conseguiria|podemos|voce conseguiria"
        "|sera que voce pode|sera que da pra|sera que voce poderia|ja pode|pode me|voce pode me|poderia me"
        "|consegue me|podes|tu podes|podes me|podias|podias me|poderias me|consegues|consegues me|conseguirias"
        "|es capaz de"
        "|sera que podes|sera que podias|sera que consegues|importas te de"
    ),
    "neg": (
        "nao|nunca|jamais|nem|sem|nada de|evite|deixe de|deixa de|nao precisa|nao quero|nao e para|nao e pra"
        "|ninguem|tampouco|nao me|sequer"
    ),
    "no": (
        "nao|n|nao obrigado|nao obrigada|agora nao|ainda nao|nem|negativo|melhor nao|nao precisa|nao quero"
        "|de jeito nenhum|prefiro nao|nao valeu"
    ),
    "yes": (
        "sim|s|claro|pode|pode ser|ok|isso|isso mesmo|com certeza|manda ver|pode sim|beleza|confirmo|confirma"
        "|confirmado|quero|sim por favor|faz isso|faca isso|vai|positivo|bora|aceito|pode fazer|fechado|exato|certo"
        "|blz|sim pode|uhum|aham|por favor|sim quero|quero sim|claro que sim"
    ),
    "cancel": (
        "deixa pra la|deixa para la|deixe pra la|esquece|esqueca|cancela|cancele|cancelar|deixa quieto|desisto"
        "|aborta|aborte|deixe para la|esquece isso|cancela isso|deixa|nao quero mais"
    ),
    "nothing": "nada|nenhum|nenhum bot|nenhuma|nenhum dos bots|ninguem|nenhum deles",
    "cond": (
        "se|quando|caso|assim que|ate|ate que|sempre que|depois que|antes de|antes que|a menos que|enquanto"
        "|toda vez que|cada vez que|logo que|a nao ser que|somente se|so se|apenas se|desde que|contanto que"
        "|no momento em que|espere|depois de|apos"
    ),
    "time": (
        "amanha|mais tarde|a noite|hoje a noite|semana que vem|mes que vem|na segunda|na terca|na quarta|na quinta"
        "|na sexta|no sabado|no domingo|todo dia|todos os dias|toda hora|toda semana|de manha|a meia noite"
        "|ao meio dia|daqui a|dentro de|daqui a pouco|amanha cedo|no fim do dia|outro dia|depois do almoco"
        "|no fim de semana|proxima semana|proximo mes|depois de amanha|diariamente|semanalmente|por enquanto nao"
        "|por uma hora|por um tempo|por um dia|a tarde|logo mais|em breve|ano que vem|em uma hora|daqui uma hora"
        "|na proxima semana"
    ),
    "report": (
        "disse|disseram|diz que|dizem|falou|falaram|escreveu|mandou|mandaram|amigo|amiga|chefe|esposa|marido"
        "|mensagem|email|artigo|noticia|noticias|texto|frase|log|logs|documento|pagina|site|pediu|contou|sugeriu"
        "|recomendou|recomenda|ouvi|livro|alguem|li|leio|comando|palavra|traduza|traduz|erro|instrucao|instrucoes"
        "|diz|aconselhou|todo mundo|pessoal disse|twitter|postagem|post"
    ),
    "ask": (
        "o que|qual|quais|como|por que|porque que|pq|quem|onde|o que acontece|o que acontece se|o que aconteceria"
        "|e se|saber|como faco|como eu|como faco para|como faco pra|como e que|explica|explique|explicar|diferenca"
        "|significa|quando e que|quanto|quantos|quantas|quanto tempo|sera que|o que faz|me ensina|ensina|entender"
        "|como se|como posso|pra que|para que|para que serve|pra que serve|imagine|imagina|suponha|hipoteticamente"
        "|por qual motivo|em que|duvida|curioso|quando foi|gostaria de saber|quero saber|queria saber|me explica"
        "|me explique|sabe"
    ),
    "aux": (
        "devo|posso|deveria|eu deveria|eu devo|eu posso|devemos|e seguro|vale a pena|convem|compensa|e bom"
        "|e uma boa|e ruim|seria bom|esta|estao|foi|sera|tem|ha|ta|voce acha|acha que|voce acha que|esta na hora de"
        "|esta na hora|e hora de|preciso mesmo|tenho mesmo que|voce sabe|acho que devo"
    ),
    "reason": "porque|ja que|uma vez que|visto que|pois|por causa|pra que eu|para que eu|devido",
    "conj": (
        "e|e depois|e entao|e ai|mais|e tambem|e em seguida|depois|entao|em seguida|e dai|dai|alem de|junto com"
        "|e por fim|e logo depois|ai"
    ),
    "or": "ou|nem",
    "but": "mas|porem|so que|contudo|entretanto|e sim",
    "except": (
        "menos|menos o|exceto|exceto o|fora|fora o|tirando|a nao ser|com excecao|com excecao de|com excecao do"
        "|salvo|sem ser|sem contar"
    ),
    "bot": (
        "bot|robo|o bot|meu bot|esse bot|este bot|o robo|meu robo|o meu bot|aquele bot|do bot|no bot|ao bot|o meu robo"
    ),
    "bots": (
        "bots|robos|os bots|meus bots|os meus bots|os robos|meus robos|esses bots|estes bots|dos bots|dos meus bots"
        "|nos bots|os nossos bots|nossos bots"
    ),
    "abot": (
        "um bot|um robo|um novo bot|outro bot|mais um bot|um bot novo|novo bot|um novo robo|um outro bot|novo robo"
        "|um segundo bot|um bot de trade|um robo de trade|algum bot|um robozinho|um botzinho|qualquer bot"
        "|um unico bot"
    ),
    "new": "novo|nova|outro|outra|mais um|mais uma|um novo|uma nova",
    "a": "um|uma|uns|umas",
    "the": (
        "o|os|as|meu|meus|minha|minhas|do|da|dos|das|no|na|nos|nas|ao|aos|a|esse|essa|este|esta|aquele|seu|sua|seus"
        "|suas|pelo|pela|esses|estes"
    ),
    "each_one": (
        "um de|um para|um pra|um em|um do|outro de|outro para|outro pra|outro em|um no|outro do|outro no|o outro de"
        "|o outro para|um com|outro com"
    ),
    "it": (
        "ele|ela|lo|nele|dele|dela|esse|este|esse ai|o mesmo|o mesmo bot|esse bot|este bot|aquele|esse mesmo|isso"
        "|o dito cujo|nela"
    ),
    "them": "eles|elas|los|deles|neles|esses bots|estes bots|todos eles|esses|estes|aqueles|esses dois",
    "both": "ambos|os dois|os dois bots|ambos os bots|dois bots|os 2|os 2 bots|as duas|eles dois|ambas|os dois robos",
    "all": (
        "todos|tudo|todos os|todos os bots|todo|cada|todos os meus bots|todos os meus|geral|todas|todas as"
        "|todos eles|qualquer|todo mundo|tudo o que"
    ),
    "state:RUNNING": (
        "rodando|em execucao|ativos|ativo|ligados|ligado|que estao rodando|que estao ligados|funcionando|iniciados"
        "|operando"
    ),
    "state:PAUSED": "pausados|pausado|em pausa|que estao pausados|suspensos|suspenso",
    "state:STOPPED": "parados|parado|desligados|desligado|inativos|inativo|que estao parados|encerrados",
    "state:CREATED": "criados|criado|nunca iniciados",
    "health:crashed": (
        "quebrados|quebrado|travados|travado|com falha|com erro|com problema|caiu|cairam|caidos|mortos|crashou"
    ),
    "nth:1": "primeiro|o primeiro|numero um|o 1|numero 1|1o|o primeiro bot|o primeiro deles",
    "nth:2": "segundo|o segundo|numero dois|o 2|numero 2|2o|o segundo bot|o segundo deles",
    "nth:3": "terceiro|o terceiro|numero tres|o 3|numero 3|3o|o terceiro bot",
    "nth:4": "quarto|o quarto|o 4",
    "nth:-1": "ultimo|o ultimo|o mais novo|o mais recente|ultimo bot|o ultimo bot",
    "set:stoploss_pct": (
        "stop|stop loss|perda maxima|stop de perda|limite de perda|stop movel|um stop|trava de perda|perda de no maximo"
    ),
    "set:take_profit_pct": (
        "alvo|alvo de lucro|meta|meta de lucro|take|lucro alvo|realizacao de lucro|realizar lucro|take profit"
        "|lucro de|objetivo|realizar o lucro|realize lucro|ganho alvo|alvo de ganho|saida com lucro"
    ),
    "set:max_open_trades": (
        "maximo de operacoes|max operacoes|maximo de trades|numero de operacoes|limite de operacoes"
        "|operacoes simultaneas|vagas|numero de trades|maximo de posicoes|operacoes ao mesmo tempo"
        "|quantidade de operacoes|maximo de operacoes abertas|trades simultaneos"
    ),
    "set:stake": (
        "valor|valor por operacao|valor por trade|aporte|quantia|tamanho da operacao|montante|tamanho|entrada de"
        "|valor de entrada|tamanho da entrada|valor da operacao|valor de cada operacao|valor da entrada|aposta|lote"
        "|mao|valor do trade|stake|investimento"
    ),
    "set:timeframe": (
        "tempo grafico|timeframe|grafico|grafico de|candles|candles de|candle|candle de|velas|velas de|intervalo"
        "|periodo|graficos|tempo|vela|no grafico|no tempo grafico|periodicidade"
    ),
    "set:strategy": "estrategia|estrategias|a estrategia|metodo|indicador|logica|setup",
    "set:pairs": (
        "par|pares|moeda|moedas|ativo|ativos|mercado|mercados|cripto|criptos|criptomoeda|criptomoedas|token|tokens"
        "|par de moedas"
    ),
    "set:name": (
        "chamado|chamada|com o nome|com nome|de nome|nome|chame de|chame o de|com o nome de|sob o nome|nomeado"
        "|batizado de|nomeie|que se chama|que se chame|de nome de|com nome de|chama ele de|chame ele de|intitulado"
        "|o nome|apelidado de|da o nome de|de o nome de|chamar de|que chama"
    ),
    "set:mode": "modo|o modo|em modo|no modo",
    "set:description": "descricao|com a descricao|descrito como",
    "max": (
        "no maximo|maximo|maximo de|max|ate|com ate|com no maximo|limite de|no max|nao mais que|nao mais de"
        "|um maximo de|limitado a|de no maximo"
    ),
    "of": (
        "de|em|para|pra|com|por|a|igual a|usando|sobre|pelo|pela|pro|ao|via|cerca de|uns|umas|entre|contra|sob|numa"
        "|num|nisso|pros|pras|e|em torno de|fica|fique"
    ),
    "to": "para|pra|ate|a|por|pro|como",
    "by": "em|em mais|mais|menos",
    "per_trade": (
        "por operacao|por trade|cada|cada um|por entrada|por ordem|cada operacao|cada trade|em cada operacao"
        "|em cada trade|por vez|por posicao|cada uma|de cada vez|por compra|a cada operacao|em cada entrada|em cada"
        "|por cada operacao|em cada um|a cada trade|por op|por negocio|toda vez|cada vez|por bot|por negociacao"
        "|pra cada|para cada|pra cada operacao|para cada operacao|para cada trade|por aposta"
    ),
    "total": (
        "no total|total|ao todo|orcamento|de capital|de orcamento|capital|capital de|banca|do meu saldo|do saldo"
        "|da banca"
    ),
    "open": "abertas|aberta|abertos|aberto|simultaneas|simultaneos",
    "at_once": "ao mesmo tempo|simultaneamente|de uma vez|de cada vez|por vez|em paralelo",
    "last": "ultimas|ultimos|ultima|recentes|as ultimas|os ultimos|mais recentes",
    "mode:SIMULATED": (
        "simulado|simulada|simulacao|em simulacao|paper|dry run|virtual|dinheiro virtual|de mentira"
        "|dinheiro de mentira|ficticio|dinheiro ficticio|de teste|em teste|modo teste|modo simulado|teste"
        "|modo de teste|modo simulacao|simular|simule|simulados|papel|de brincadeira|demo|treino|sem dinheiro real"
        "|nao real|demonstracao|conta demo|sem usar dinheiro real"
    ),
    "mode:REAL_MARKET_SPOT": (
        "nao simulado|nao simulada|dinheiro real|com dinheiro real|de verdade|ao vivo|conta real|modo real"
        "|mercado real|pra valer|para valer|dinheiro de verdade|real market spot|producao|em producao|live"
        "|operacoes reais|meu dinheiro real|no real|em real|a vera|dinheiro vivo|operacao real|trading real"
        "|trade real|em conta real"
    ),
    "strategy:rsi": (
        "ifr|reversao a media|reversao|retorno a media|sobrevenda|sobrevendido|rsi|sobrecomprado|comprar na baixa"
        "|compra na baixa|de reversao a media|volta a media|retorno as medias"
    ),
    "strategy:ema": (
        "cruzamento de medias|medias moveis|cruzamento|media movel|cruzamento de medias moveis|cruzamento de emas"
        "|seguidor de tendencia|tendencia|seguir tendencia|seguir a tendencia|medias|cruzamento das medias"
        "|cruzamento de ema|medias exponenciais|cruzar medias"
    ),
    "strategy:bollinger": "bandas de bollinger|bollinger|bandas|banda de bollinger",
    "strategy:breakout": (
        "rompimento|rompimentos|breakout|de rompimento|romper|canal de donchian|rompimento de canal|rompe"
    ),
    "strategy:?": (
        "grade|preco medio|arbitragem|estocastico|grid|martingale|scalp|formador de mercado|momento|tartaruga"
    ),
    "see:bots": (
        "carteira|portfolio|saldo|lucro|lucros|ganhos|ganhei|quanto ganhei|quanto eu ganhei|resultado|resultados"
        "|rendimento|painel|resumo|quanto lucrei|quanto eu ja ganhei|patrimonio|lucrei|perdi|prejuizo"
        "|estou ganhando|estou no lucro|quanto rendeu|rendeu|ganhando|perdendo|quanto fiz|balanco"
    ),
    "see:profit": (
        "lucro|lucros|ganhos|ganhei|quanto ganhei|quanto eu ganhei|rendimento|quanto lucrei|quanto eu ja ganhei|lucrei"
        "|perdi|prejuizo|estou ganhando|estou no lucro|quanto rendeu|rendeu|ganhando|perdendo|quanto fiz"
    ),
    "see:status": (
        "status|estado|esta|ta|estao|tao|situacao|desempenho|performance|detalhes|informacoes|saude|indo|como vai"
        "|como esta|como anda|rodando|vai|anda|funcionando|operando|ativo|configuracao|configuracoes|bem|ok|vivo"
        "|ligado|dados|rendendo|parou|parado|andando|estatisticas|info|resultado do"
    ),
    "see:trades": (
        "operou alguma coisa|operou algo|operou hoje|negociou alguma coisa|negociou hoje"
        "|o que voce operou|o que vc operou|o que voce negociou|o que vc negociou|o que voce comprou|o que voce vendeu"
        "|o que operou|o que negociou|o que operaste|o que negociaste|o que compraste|o que vendeste|o que foi operado"
        "|o que foi negociado|operacoes|trades|trade|historico|posicoes|ordens|comprou|vendeu"
        "|historico de operacoes|posicoes abertas"
        "|negociacoes|operacao|ordem|posicao|operacoes abertas|operacoes fechadas|transacoes|compras|vendas"
        "|negocios|trades abertos|historico de trades|entradas|execucoes|lista de operacoes"
    ),
    "see:limits": (
        "guarda|o guarda|meu limite|limites|limite|meus limites|regras|restricoes|travas|bloqueados"
        "|pares bloqueados|quanto posso operar|quanto eu posso operar|bloqueado|bloqueadas|quanto posso investir"
        "|quanto eu posso investir|limites de risco|limite de risco|permitido|exposicao maxima|quanto posso gastar"
        "|maximo que posso|perda maxima diaria|protecoes|limite diario|maior operacao permitida"
    ),
    "see:strategies": (
        "estrategias|quais estrategias|que estrategias|lista de estrategias|estrategias disponiveis"
        "|quais sao as estrategias|qual estrategia|que estrategia|qual a estrategia"
    ),
    "see:price": "preco|cotacao|valendo|vale|custa|precos|custando|quanto esta|quanto ta|a quanto",
    "see:market": (
        "mercado|tendencia|rsi|volatilidade|analise|acha|opiniao|previsao|hora pra comprar|hora de comprar"
        "|hora para comprar|comprar|vender|subir|cair|caindo|subindo|grafico|cenario|panorama|alta|baixa|momento"
        "|volume|perspectiva|sobe|cai|bom momento|boa hora|indicadores|ifr|investir|acontecendo|sinal|sinais"
        "|sobrecomprado|sobrevendido|hora de vender|desabar|explodir|como anda|como vai|bombando"
    ),
    "define": (
        "o que e|o que e um|o que e uma|o que e o|que e|o que significa|significa|explica|explique|me explica"
        "|me explique|explica o que e|me explica o que e|defina|definicao de|o que quer dizer|quer dizer|oq e"
        "|o que sao|explique o que e|me fale sobre|o que seria|o que vem a ser|me explica o que significa"
        "|pode explicar|pode me explicar|poderia explicar|voce pode explicar|pode explicar o que e|me diz o que e"
        "|sabe o que e|nao entendi|nao sei o que e|significado de|o q e|oque e|explicar o que e"
        "|voce pode me explicar o que e|nao entendo"
    ),
    "defined": (
        "significa|quer dizer|por favor|pra mim|para mim|mesmo|em trading|aqui|exatamente|isso|serve|no mercado"
    ),
    "difference": (
        "diferenca entre|qual a diferenca entre|qual e a diferenca entre|versus|a diferenca entre"
        "|qual a diferenca de|qual a diferenca|compare|comparar"
    ),
    "live_switch": (
        "operacoes reais|operacao real|dinheiro real|modo real|conta real|negociacao real|trading real|modo live"
        "|operar de verdade"
    ),
    "greeting": (
        "oi|ola|bom dia|boa tarde|boa noite|e ai|eae|opa|oi tudo bem|ola tudo bem|tudo bem|tudo bom|salve|fala|oie"
        "|hey|como vai voce|como voce esta|beleza|como vai|fala ai|alo|oi pessoal|coe"
    ),
    "thanks": (
        "obrigado|obrigada|valeu|muito obrigado|muito obrigada|brigado|brigada|agradeco|vlw|obg|grato|grata"
        "|perfeito|otimo|legal|show|tchau|ate logo|ate mais|show de bola|bom trabalho|parabens|excelente|top|massa"
        "|maravilha|muito bom|ate amanha"
    ),
    "help": (
        "ajuda|ajude|me ajuda|me ajude|socorro|o que voce faz|o que voce sabe fazer|o que voce pode fazer"
        "|o que da pra fazer|comandos|exemplos|como funciona|menu|o que voce consegue fazer|como usar|como te uso"
        "|o que posso fazer|o que posso pedir|preciso de ajuda|como funciona isso|como usa|o que posso perguntar"
        "|como voce funciona|o que eu posso fazer|o que vc faz|o que vc sabe fazer|opcoes|como eu uso isso"
        "|no que voce pode ajudar|como voce pode me ajudar|como comecar|por onde comeco|tutorial|quais comandos"
        "|o que mais voce faz|funcionalidades"
    ),
    "about": (
        "quem e voce|o que e voce|voce e uma ia|voce e uma ia de verdade|voce e humano|voce e um robo|qual modelo"
        "|qual modelo voce e|voce e o chatgpt|qual seu nome|qual e o seu nome|qual o seu nome|voce e real"
        "|voce e um bot|que modelo e voce|voce e uma pessoa|quem te fez|com quem estou falando|quem e vc"
        "|vc e uma ia|voce e o gpt|que ia e voce|voce e humana|qual ia e voce|se apresente|quem criou voce"
        "|voce e uma inteligencia artificial|vc e um robo"
    ),
    "filler": (
        "operaram|negociaram|compraram|venderam|varios|varias|iguais|gastando|gasta|a gastar|investindo|investe"
        "|arriscando|operou|operaste|negociou"
        "|fizeste|fizeram|"
        "dados reais|precos reais|dados reais de mercado|dados de mercado reais|tempo real|em tempo real"
        "|precos de verdade|por favor|agora|ja|hoje|aqui|ai|la|de novo|novamente|tambem|ainda|so|somente|apenas"
        "|pra mim|para mim|de vez|imediatamente|logo|muito|mais|menos|bem|me|te|se|que opera|que opere|que compra"
        "|que compre|que vende|que venda|compra|vende|compre|e vende|quando|que|estiver|esta|alto|baixo|alta|baixa"
        "|sobre|onde|operando|negociando|comprando|vendendo|chamado|tipo|coisa|algo|alguma coisa|algum|alguma"
        "|dinheiro|usdt|dolares|reais|real|urgente|rapidinho|rapido|para sempre|definitivamente|completamente|pois"
        "|entao|e|foi|sao|ser|estar|tem|ter|ha|havia|era|vai|vou|ir|fica|ficou|eu|voce|vc|ele|ela|nos|eles|usando"
        "|com base em|baseado em|baseada em|acima|abaixo|simples|pequeno|grande|seguro|agressivo|conservador|bom"
        "|boa|melhor|pior|automatico|cripto|spot|binance|freqtrade|corretora|etc|dia|dias|hora|horas|minuto|minutos"
        "|semana|mes|ontem|manha|recentemente|ultimamente|ate agora|de verdade|mesmo|quanto|quais|qual|existem"
        "|existe|tenho|tinha|temos|disponiveis|disponivel|aberto|fechado|feito|fez|faz|fiz|fazendo|parou|parei"
        "|comprou|quanto tempo|sera|acha|mim|gente|coisas|isto|aquilo|tal|certo|errado|parametros|parametro|opcoes"
        "|configuracao|proprio|dinheirinho|no momento|hein|ne|uai|po|viu|pela|forma|modo|jeito|sempre|enquanto"
        "|nisso|disso|opere|opera|operar|negociar|negocie|trade|trades|operacao|operacoes|posicao|vez|vezes|compras"
        "|vendas|primeiro|entrar|entra|sair|sai|entrada|saida|lucro|perda|risco|valor|dele|dela|todo|toda|nesse"
        "|neste|nessa|nesta|um pouco|pouco|bastante|meio|por cento"
    ),
}
